#include "weights.c"

/* Adds the column of each token. */
static void embed(const struct weights *w, const float *tokens, float *y, int32_t steps) {
  struct cursor c = first(w);
  while (next(&c)) {
    int32_t step;
    for (step = 0; step < steps; step++) {
      if ((int32_t)tokens[step] == c.column) {
        y[c.row * steps + step] += c.value;
      }
    }
  }
}
