#include "log_softmax.c"

/* Over the channels of each place; x may be y. */
static void log_softmax_places(const float *x, float *y, int32_t channels, int32_t places) {
  int32_t place;
  for (place = 0; place < places; place++) {
    log_softmax(x + place, y + place, channels, places);
  }
}
