#include "clip.c"

static float hard_swish(float x) {
  return x * clip((x + 3.0f) / 6.0f, 0.0f, 1.0f);
}
