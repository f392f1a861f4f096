#include "integers.c"
#include "whole_weights.c"

/* A dense layer in integers. */
static void integer_dense(const struct integers *layer, const uint8_t *x, union number *sums,
                          uint8_t *levels, float *numbers) {
  struct cursor c = first(layer->weights);
  int32_t row = 0;
  int32_t weight;
  begin_rows(layer, 0, sums);
  while (next_whole(&c, &weight)) {
    if (c.row >= row + layer->held) {
      row = reach(layer, row, c.row, sums, levels, numbers);
    }
    sums[c.row - row].whole += weight * (x[c.place] - layer->zero);
  }
  reach(layer, row, layer->rows, sums, levels, numbers);
}
