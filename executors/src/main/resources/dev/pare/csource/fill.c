#include "weights.c"

/* Gives all places of each channel its bias. */
static void fill(const struct weights *biases, float *y, int32_t channels, int32_t places) {
  struct cursor c = first(biases);
  int32_t i;
  for (i = 0; i < channels * places; i++) {
    y[i] = 0.0f;
  }
  while (next(&c)) {
    for (i = 0; i < places; i++) {
      y[c.column * places + i] = c.value;
    }
  }
}
