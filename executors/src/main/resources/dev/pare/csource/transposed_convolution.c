#include "weights.c"
#include "window_range.c"

/* Adds each weight times all of its channel, where windows that lie on the output have it. */
static void transposed_convolution(const struct weights *w, const float *x, float *y,
                                   const struct window sides[2], int32_t channels,
                                   int32_t filters) {
  const struct window *v = &sides[0];
  const struct window *h = &sides[1];
  int32_t area = v->kernel * h->kernel;
  struct cursor c = first(w);
  while (next(&c)) {
    int32_t channel = c.row / filters * channels + c.column / area;
    int32_t ky = c.column % area / h->kernel;
    int32_t kx = c.column % h->kernel;
    const float *in = x + channel * v->windows * h->windows;
    float *out = y + c.row * v->side * h->side;
    int32_t left = first_window(h, kx);
    int32_t right = last_window(h, kx);
    int32_t last = last_window(v, ky);
    int32_t i;
    int32_t j;
    for (i = first_window(v, ky); i < last; i++) {
      int32_t row = (i * v->stride + ky * v->dilation - v->before) * h->side;
      int32_t at = row + kx * h->dilation - h->before;
      for (j = left; j < right; j++) {
        out[at + j * h->stride] += c.value * in[i * h->windows + j];
      }
    }
  }
}
