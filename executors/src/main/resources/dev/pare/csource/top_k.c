/* The largest numbers, if they are above zero; of equal ones the first. */
static void top_k(const float *x, float *y, int32_t count, int32_t most) {
  int32_t i;
  for (i = 0; i < count; i++) {
    y[i] = 0.0f;
  }
  while (most-- > 0) {
    int32_t best = -1;
    for (i = 0; i < count; i++) {
      if (x[i] > 0.0f && y[i] <= 0.0f && (best < 0 || x[i] > x[best])) {
        best = i;
      }
    }
    if (best < 0) {
      return;
    }
    y[best] = x[best];
  }
}
