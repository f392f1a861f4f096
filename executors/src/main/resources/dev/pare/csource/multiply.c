#include "weights.c"

/* Adds the product of a matrix with the numbers of each place. */
static void multiply(const struct weights *w, const float *x, float *y, int32_t places) {
  struct cursor c = first(w);
  while (next(&c)) {
    int32_t i;
    for (i = 0; i < places; i++) {
      y[c.row * places + i] += c.value * x[c.column * places + i];
    }
  }
}
