/* x may be y. */
static void divide(const float *x, float *y, float divisor, int32_t count) {
  int32_t i;
  for (i = 0; i < count; i++) {
    y[i] = x[i] / divisor;
  }
}
