/* The largest number of all channels at each place. */
static void channel_maximum(const float *x, float *y, int32_t channels, int32_t places) {
  int32_t i;
  for (i = 0; i < channels * places; i++) {
    float *best = y + i % places;
    if (i < places || x[i] > *best) {
      *best = x[i];
    }
  }
}
