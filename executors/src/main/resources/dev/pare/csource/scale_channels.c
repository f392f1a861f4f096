/* A factor and a summand for each channel; x may be y. */
static void scale_channels(const float *x, float *y, const float *factors, const float *summands,
                           int32_t channels, int32_t places) {
  int32_t i;
  for (i = 0; i < channels * places; i++) {
    y[i] = factors[i / places] * x[i] + summands[i / places];
  }
}
