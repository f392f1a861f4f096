/* The place of the largest number, the first of equals. */
static int label(const float *values, int32_t count) {
  int32_t best = 0;
  int32_t i;
  for (i = 1; i < count; i++) {
    if (values[i] > values[best]) {
      best = i;
    }
  }
  return best;
}
