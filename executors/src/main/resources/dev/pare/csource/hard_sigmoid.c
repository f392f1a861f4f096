#include "clip.c"

static float hard_sigmoid(float x, float factor, float summand) {
  return clip(factor * x + summand, 0.0f, 1.0f);
}
