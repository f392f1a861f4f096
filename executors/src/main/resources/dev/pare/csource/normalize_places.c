#include "normalize.c"

/* The channels of each place; x may be y. */
static void normalize_places(const float *x, float *y, const float *factors,
                             const float *summands, int32_t channels, int32_t places,
                             float epsilon) {
  int32_t place;
  for (place = 0; place < places; place++) {
    normalize(x + place, y + place, factors, summands, channels, places, 1, epsilon);
  }
}
