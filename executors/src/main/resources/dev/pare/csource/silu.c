#include "sigmoid.c"

static float silu(float x) {
  return x * sigmoid(x);
}
