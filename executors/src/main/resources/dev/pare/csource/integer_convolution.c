#include "integers.c"
#include "whole_weights.c"
#include "window_range.c"

/* A convolution in integers: adds each weight times all that it is laid on. */
static void integer_convolution(const struct integers *layer, const uint8_t *x,
                                union number *sums, uint8_t *levels, float *numbers,
                                const struct window sides[2], int32_t channels, int32_t filters) {
  const struct window *v = &sides[0];
  const struct window *h = &sides[1];
  int32_t area = v->kernel * h->kernel;
  int32_t zero = layer->zero;
  struct cursor c = first(layer->weights);
  int32_t row = 0;
  int32_t number;
  begin_rows(layer, 0, sums);
  while (next_whole(&c, &number)) {
    /* In registers: what is changed through a pointer is not any of these. */
    int32_t weight = number;
    int32_t step = h->stride;
    int32_t channel = c.row / filters * channels + c.place / area;
    int32_t ky = c.place % area / h->kernel;
    int32_t kx = c.place % h->kernel;
    const uint8_t *in = x + channel * v->side * h->side;
    int32_t left = first_window(h, kx);
    int32_t right = last_window(h, kx);
    int32_t last = last_window(v, ky);
    union number *out;
    int32_t i;
    int32_t j;
    if (c.row >= row + layer->held) {
      row = reach(layer, row, c.row, sums, levels, numbers);
    }
    out = sums + (c.row - row) * layer->places + left;
    for (i = first_window(v, ky); i < last; i++) {
      union number *sum = out + i * h->windows;
      int32_t at = (i * v->stride + ky * v->dilation - v->before) * h->side + left * step +
                   kx * h->dilation - h->before;
      for (j = right - left; j > 0; j--) {
        sum++->whole += weight * (in[at] - zero);
        at += step;
      }
    }
  }
  reach(layer, row, layer->rows, sums, levels, numbers);
}
