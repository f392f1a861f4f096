#include "exponential.c"

/*
 * x times the normal distribution's share below x: by its series (Marsaglia 2004), and far from 0
 * by the continued fraction of Laplace.
 */
static float gelu(float x) {
  float size = x < 0.0f ? -x : x;
  float density = 0.39894228f * exponential(-0.5f * x * x);
  float sum = size;
  int32_t i;
  if (size < 1.0f) {
    float term = x;
    sum = x;
    for (i = 3; i < 25; i += 2) {
      term *= x * x / (float)i;
      sum += term;
    }
    return x * (0.5f + sum * density);
  }
  for (i = 60; i > 0; i--) {
    sum = size + (float)i / sum;
  }
  return x < 0.0f ? x * density / sum : x * (1.0f - density / sum);
}
