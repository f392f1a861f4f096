static void copy_levels(const uint8_t *x, uint8_t *y, int32_t count) {
  int32_t i;
  for (i = 0; i < count; i++) {
    y[i] = x[i];
  }
}
