#include "exponential_less_1.c"

static float elu(float x, float alpha) {
  return x < 0.0f ? alpha * exponential_less_1(x) : x;
}
