#include "hyperbolic_tangent.c"

static float gelu_tanh(float x) {
  return 0.5f * x * (1.0f + hyperbolic_tangent(0.79788456f * (x + 0.044715f * x * x * x)));
}
