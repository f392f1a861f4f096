/*
 * Fills in missing numbers, which are NaN, where there is something to fill in, and standardizes
 * them; 0 if one is missing and stays so, or is infinite.
 */
static int standardize(const float *x, float *y, const uint8_t *fills, const float *filled,
                       const float *means, const float *deviations, int32_t count) {
  int32_t i;
  for (i = 0; i < count; i++) {
    float value = x[i];
    if (value != value && (fills[i / 8] >> (i % 8) & 1)) {
      value = filled[i];
    }
    if (!(value - value == 0.0f)) {
      return 0;
    }
    y[i] = (value - means[i]) / deviations[i];
  }
  return 1;
}
