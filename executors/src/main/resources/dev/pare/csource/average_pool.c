#include "window.c"

/* The mean of each window; what lies outside does not count. */
static void average_pool(const float *x, float *y, const struct window sides[2], int32_t channels) {
  const struct window *v = &sides[0];
  const struct window *h = &sides[1];
  int32_t channel;
  int32_t i;
  int32_t j;
  for (channel = 0; channel < channels; channel++) {
    for (i = 0; i < v->windows; i++) {
      for (j = 0; j < h->windows; j++) {
        float sum = 0.0f;
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
              float value = x[row * h->side + column];
              sum += value;
              seen++;
            }
          }
        }
        *y++ = sum / (float)(seen > 0 ? seen : 1);
      }
    }
    x += v->side * h->side;
  }
}
