#include "normalize.c"

/* Groups of so many channels; x may be y. */
static void normalize_groups(const float *x, float *y, const float *factors,
                             const float *summands, int32_t groups, int32_t channels,
                             int32_t places, float epsilon) {
  int32_t size = channels * places;
  int32_t group;
  for (group = 0; group < groups; group++) {
    normalize(x + group * size, y + group * size, factors + group * channels,
              summands + group * channels, size, 1, places, epsilon);
  }
}
