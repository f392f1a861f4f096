/* A matrix, row by row. */
struct weights {
  int32_t columns;
  int32_t entries;      /* how many there are; all others are zero */
  const uint8_t *bits;  /* of each entry its gap and its code */
  const float *values;  /* what codes stand for, or one for each entry */
  uint8_t rice;         /* low bits of a gap; EVERY where nothing is left out */
  uint8_t width;        /* bits of a code; OWN where each entry has a value of its own */
#ifdef SCALES
  const float *scales;  /* of each row those of its groups of columns */
  int32_t group;
#endif
#ifdef WORDS
  int32_t dimension;    /* numbers that a code stands for, side by side; 0 for one */
  int32_t numbers;      /* of a row */
#endif
#ifdef CODED
  const struct code *code;
#endif
};

enum { EVERY = 255, OWN = 255 };

/* The entry of a matrix that was read last. */
struct cursor {
  const struct weights *of;
  int32_t entry;
  int32_t row;
  int32_t column;
  float value;
  int32_t place;  /* among the codes of a row */
  uint32_t bit;
#ifdef WORDS
  int32_t left;
  const float *number;
#endif
};

static uint32_t take(struct cursor *c, uint32_t count) {
  uint32_t value = 0;
  uint32_t i;
  for (i = 0; i < count; i++, c->bit++) {
    value |= ((uint32_t)c->of->bits[c->bit >> 3] >> (c->bit & 7u) & 1u) << i;
  }
  return value;
}

/* Goes to the next entry; its code, or its number where it has a value of its own. */
static uint32_t advance(struct cursor *c) {
  const struct weights *w = c->of;
  c->place++;
  if (w->rice != EVERY) {
    uint32_t high = 0;
    while (take(c, 1) == 0) {
      high++;
    }
    c->place += (int32_t)(high << w->rice | take(c, w->rice));
  }
  while (c->place >= w->columns) {
    c->place -= w->columns;
    c->row++;
  }
  return w->width == OWN ? (uint32_t)c->entry : take(c, w->width);
}

static struct cursor first(const struct weights *w) {
  struct cursor c = {0};
  c.of = w;
  c.place = -1;
#ifdef CODED
  if (w->code) {
    begin(w);
  }
#endif
  return c;
}

/* Reads the next entry; 0 if there is none. */
static int next(struct cursor *c) {
  const struct weights *w = c->of;
  uint32_t code;
#ifdef WORDS
  if (c->left > 0) {
    c->left--;
    c->column++;
    c->value = *++c->number;
    return 1;
  }
#endif
  if (c->entry == w->entries) {
    return 0;
  }
#ifdef CODED
  code = w->code ? decode(c) : advance(c);
#else
  code = advance(c);
#endif
  c->entry++;
  c->column = c->place;
#ifdef WORDS
  if (w->dimension > 0) {
    c->column = c->place * w->dimension;
    c->left = w->numbers - c->column < w->dimension ? w->numbers - c->column : w->dimension;
    c->left--;
    c->number = w->values + (int32_t)code * w->dimension;
    c->value = *c->number;
    return 1;
  }
#endif
  c->value = w->values[code];
#ifdef SCALES
  if (w->scales) {
    int32_t groups = (w->columns - 1) / w->group + 1;
    c->value *= w->scales[c->row * groups + c->column / w->group];
  }
#endif
  return 1;
}
