/* The highest level of all channels at each place. */
static void channel_maximum_levels(const uint8_t *x, uint8_t *y, int32_t channels,
                                   int32_t places) {
  int32_t i;
  for (i = 0; i < channels * places; i++) {
    uint8_t *best = y + i % places;
    if (i < places || x[i] > *best) {
      *best = x[i];
    }
  }
}
