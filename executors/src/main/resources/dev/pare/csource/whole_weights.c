#include "cursor.c"

/* Reads the next entry of a matrix of whole numbers that is not zero; 0 if there is none. */
static int next_whole(struct cursor *c, int32_t *number) {
  const struct weights *w = c->of;
  do {
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
  } while (*number == 0);
  return 1;
}
