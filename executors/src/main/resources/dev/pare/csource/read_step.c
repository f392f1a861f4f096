/* The numbers of a step, which is a row of all channels. */
static void read_step(const float *x, float *read, int32_t step, int32_t channels, int32_t steps,
                      int32_t width) {
  int32_t i;
  for (i = 0; i < channels * width; i++) {
    read[i] = x[(i / width * steps + step) * width + i % width];
  }
}
