/* A factor for each channel, below zero; x may be y. */
static void slope_channels(const float *x, float *y, const float *slopes, int32_t channels,
                           int32_t places) {
  int32_t i;
  for (i = 0; i < channels * places; i++) {
    y[i] = x[i] < 0.0f ? slopes[i / places] * x[i] : x[i];
  }
}
