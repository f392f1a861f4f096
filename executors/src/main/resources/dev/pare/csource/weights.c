#include "matrix.c"

static uint32_t take(struct cursor *c, uint32_t count) {
  uint32_t value = 0;
  uint32_t i;
  for (i = 0; i < count; i++, c->bit++) {
    value |= ((uint32_t)c->of->bits[c->bit >> 3] >> (c->bit & 7u) & 1u) << i;
  }
  return value;
}

/* Goes to the next entry; its code, or its number where it has a value of its own. */
static int32_t advance(struct cursor *c) {
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
  return w->width == OWN ? c->entry : (int32_t)take(c, w->width);
}

static struct cursor first(const struct weights *w) {
  struct cursor c = {0};
  c.of = w;
  c.place = -1;
#ifdef CODED
  if (w->code) {
    begin(w->code);
  }
#endif
  return c;
}

/* Reads the next entry; 0 if there is none. */
static int next(struct cursor *c) {
  const struct weights *w = c->of;
  int32_t code;
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
  if (code < 0) {
    return 0;
  }
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
    c->number = w->values + code * w->dimension;
    c->value = *c->number;
    return 1;
  }
#endif
#ifdef LEVELS
  c->value = w->levels ? (float)w->levels[code] * w->step : w->values[code];
#else
  c->value = w->values[code];
#endif
#ifdef SCALES
  if (w->scales) {
    int32_t groups = (w->columns - 1) / w->group + 1;
    c->value *= w->scales[c->row * groups + c->column / w->group];
  }
#endif
  return 1;
}
