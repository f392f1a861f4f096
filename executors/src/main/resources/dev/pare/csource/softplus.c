#include "exponential.c"

/* ln(1 + e^x): ln(1 + u) by the series of artanh(u / (2 + u)), u at most 1. */
static float softplus(float x) {
  float u = exponential(x > 0.0f ? -x : x);
  float s = u / (2.0f + u);
  float sum = 0.0f;
  int32_t i;
  for (i = 15; i > 0; i -= 2) {
    sum = sum * s * s + 1.0f / (float)i;
  }
  return (x > 0.0f ? x : 0.0f) + 2.0f * s * sum;
}
