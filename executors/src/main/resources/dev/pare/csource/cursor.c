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
