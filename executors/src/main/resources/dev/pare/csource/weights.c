#include "cursor.c"

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
