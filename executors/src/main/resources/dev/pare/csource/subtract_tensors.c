#include "spread.c"

static void subtract_tensors(const float *a, const float *b, float *y, const int32_t a_shape[3],
    const int32_t b_shape[3], const int32_t y_shape[3]) {
  int32_t c;
  int32_t i;
  int32_t j;
  for (c = 0; c < y_shape[0]; c++) {
    for (i = 0; i < y_shape[1]; i++) {
      for (j = 0; j < y_shape[2]; j++) {
        *y++ = a[spread(a_shape, c, i, j)] - b[spread(b_shape, c, i, j)];
      }
    }
  }
}
