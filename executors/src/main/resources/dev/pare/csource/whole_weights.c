#include "cursor.c"

/* Reads the next entry of a matrix of whole numbers; 0 if there is none. */
static int next_whole(struct cursor *c, int32_t *number) {
  const struct weights *w = c->of;
  int32_t code;
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
  *number = w->levels[code];
  return 1;
}
