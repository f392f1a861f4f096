static void copy(const float *x, float *y, int32_t count) {
  int32_t i;
  for (i = 0; i < count; i++) {
    y[i] = x[i];
  }
}
