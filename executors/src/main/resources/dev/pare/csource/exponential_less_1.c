#include "exponential.c"

/* e^x - 1: Taylor's series near 0. */
static float exponential_less_1(float x) {
  float sum = 1.0f;
  int32_t i;
  if (!(x > -0.5f && x < 0.5f)) {
    return exponential(x) - 1.0f;
  }
  for (i = 9; i > 1; i--) {
    sum = 1.0f + sum * x / (float)i;
  }
  return x * sum;
}
