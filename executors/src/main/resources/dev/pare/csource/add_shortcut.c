/* Adds every stride-th place of fewer channels, or of as many; y has been set. */
static void add_shortcut(const float *x, float *y, int32_t channels, int32_t x_height,
                         int32_t x_width, int32_t height, int32_t width, int32_t stride) {
  int32_t c;
  int32_t i;
  int32_t j;
  for (c = 0; c < channels; c++) {
    for (i = 0; i < height; i++) {
      for (j = 0; j < width; j++) {
        *y++ += x[(c * x_height + i * stride) * x_width + j * stride];
      }
    }
  }
}
