#include "exponential.c"

/* tanh(x): its series near 0, else 1 - 2 / (e^2x + 1). */
static float hyperbolic_tangent(float x) {
  if (x > -0.3f && x < 0.3f) {
    float z = x * x;
    return x * (1.0f + z * (-1.0f / 3.0f + z * (2.0f / 15.0f + z * (-17.0f / 315.0f +
        z * (62.0f / 2835.0f)))));
  }
  return 1.0f - 2.0f / (exponential(2.0f * x) + 1.0f);
}
