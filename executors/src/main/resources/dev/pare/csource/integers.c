#include "matrix.c"
#include "nearest_level.c"
#include "number.c"
#include "scaled.c"

/* A layer that is computed in integers. */
struct integers {
  const struct weights *weights;
  const int32_t *biases;     /* of each row; 0 if there are none */
  const float *multipliers;  /* of each row, or one of all */
  int32_t rows;
  int32_t held;              /* rows whose sums are held at once: 1, or all */
  int32_t places;            /* of each row */
  uint8_t shared;            /* whether there is one multiplier */
  uint8_t zero;              /* the level of 0 of what is read */
  uint8_t made_zero;         /* and of what is made, and its levels */
  uint8_t least;
  uint8_t most;
#ifdef POOLED
  const struct window *pool; /* of maximum pooling of what is made; 0 if there is none */
#endif
};

/* Gives the sums from a row on its bias, and those of all that are held. */
static void begin_rows(const struct integers *layer, int32_t row, union number *sums) {
  int32_t end = row + layer->held;
  int32_t i;
  for (; row < end; row++) {
    for (i = 0; i < layer->places; i++) {
      sums++->whole = layer->biases ? layer->biases[row] : 0;
    }
  }
}

/* Makes levels of the sums from a row on, or, where there is no place for these, numbers. */
static void finish_rows(const struct integers *layer, int32_t row, union number *sums,
                        uint8_t *levels, float *numbers) {
  int32_t places = layer->places;
  int32_t end = row + layer->held;
  int32_t i;
  for (; row < end; row++, sums += places) {
    float multiplier = layer->multipliers[layer->shared ? 0 : row];
    uint8_t *made = levels ? levels + row * places : 0;
#ifdef POOLED
    if (layer->pool) {
      /* In front of the sums that are left. */
      made = (uint8_t *)sums;
    }
#endif
    for (i = 0; i < places; i++) {
      float product = scaled(sums[i].whole, multiplier);
      if (made) {
        made[i] = nearest_level(product, layer->made_zero, layer->least, layer->most);
      } else {
        numbers[row * places + i] = product;
      }
    }
#ifdef POOLED
    if (layer->pool) {
      int32_t pooled = layer->pool[0].windows * layer->pool[1].windows;
      maximum_pool_levels(made, levels + row * pooled, layer->pool, 1, layer->made_zero);
    }
#endif
  }
}

/* Finishes all rows before one, and begins the next; from where on sums are held. */
static int32_t reach(const struct integers *layer, int32_t row, int32_t next, union number *sums,
                     uint8_t *levels, float *numbers) {
  while (row + layer->held <= next) {
    finish_rows(layer, row, sums, levels, numbers);
    row += layer->held;
    if (row < layer->rows) {
      begin_rows(layer, row, sums);
    }
  }
  return row;
}
