#include "window.c"

/* The highest level of each window; the level of 0 where all of it lies outside. */
static void maximum_pool_levels(const uint8_t *x, uint8_t *y, const struct window sides[2],
                                int32_t channels, uint8_t zero) {
  const struct window *v = &sides[0];
  const struct window *h = &sides[1];
  int32_t channel;
  int32_t i;
  int32_t j;
  for (channel = 0; channel < channels; channel++) {
    for (i = 0; i < v->windows; i++) {
      for (j = 0; j < h->windows; j++) {
        uint8_t best = zero;
        int32_t seen = 0;
        int32_t ky;
        int32_t kx;
        for (ky = 0; ky < v->kernel; ky++) {
          int32_t row = i * v->stride + ky * v->dilation - v->before;
          if (row < 0 || row >= v->side) {
            continue;
          }
          for (kx = 0; kx < h->kernel; kx++) {
            int32_t column = j * h->stride + kx * h->dilation - h->before;
            if (column >= 0 && column < h->side) {
              uint8_t value = x[row * h->side + column];
              best = seen == 0 || value > best ? value : best;
              seen++;
            }
          }
        }
        *y++ = best;
      }
    }
    x += v->side * h->side;
  }
}
