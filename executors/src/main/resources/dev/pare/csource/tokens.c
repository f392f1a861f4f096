/* Whether all numbers are whole ones from 0 to below a limit. */
static int tokens(const float *x, int32_t count, int32_t limit) {
  int32_t i;
  for (i = 0; i < count; i++) {
    if (!(x[i] >= 0.0f && x[i] < (float)limit && x[i] - (float)(int32_t)x[i] == 0.0f)) {
      return 0;
    }
  }
  return 1;
}
