/* The mean of all channels at each place. */
static void channel_average(const float *x, float *y, int32_t channels, int32_t places) {
  int32_t place;
  int32_t i;
  for (place = 0; place < places; place++) {
    float sum = 0.0f;
    for (i = place; i < channels * places; i += places) {
      sum += x[i];
    }
    y[place] = sum / (float)channels;
  }
}
