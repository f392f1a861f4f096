static void clear(float *y, int32_t count) {
  int32_t i;
  for (i = 0; i < count; i++) {
    y[i] = 0.0f;
  }
}
