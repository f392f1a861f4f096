/* Rows and columns from others on, the rows perhaps in reverse; the level of 0 outside. */
static void move_levels(const uint8_t *x, uint8_t *y, int32_t channels, const int32_t from[2],
                        const int32_t to[2], int32_t top, int32_t left, int32_t step,
                        uint8_t zero) {
  int32_t c;
  int32_t i;
  int32_t j;
  for (c = 0; c < channels; c++) {
    for (i = 0; i < to[0]; i++) {
      for (j = 0; j < to[1]; j++) {
        int32_t row = top + i * step;
        int32_t column = left + j;
        int32_t inside = row >= 0 && row < from[0] && column >= 0 && column < from[1];
        *y++ = inside ? x[row * from[1] + column] : zero;
      }
    }
    x += from[0] * from[1];
  }
}
