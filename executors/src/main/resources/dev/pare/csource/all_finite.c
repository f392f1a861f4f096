/* Whether all numbers are finite. */
static int all_finite(const float *x, int32_t count) {
  int32_t i;
  for (i = 0; i < count; i++) {
    if (!(x[i] - x[i] == 0.0f)) {
      return 0;
    }
  }
  return 1;
}
