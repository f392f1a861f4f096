#include "scaled.c"

/* The numbers that levels stand for. */
static void dequantize(const uint8_t *x, float *y, int32_t zero, float scale, int32_t count) {
  int32_t i;
  for (i = 0; i < count; i++) {
    y[i] = scaled(x[i] - zero, scale);
  }
}
