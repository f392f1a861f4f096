/* x may be y. */
static void add(const float *x, float *y, const float *summands, int32_t count) {
  int32_t i;
  for (i = 0; i < count; i++) {
    y[i] = x[i] + summands[i];
  }
}
