/* Of each place a place that is near. */
static void interpolate_levels(const uint8_t *x, uint8_t *y, const uint16_t *rows,
                               const uint16_t *columns, const int32_t from[3],
                               const int32_t to[3]) {
  int32_t c;
  int32_t i;
  int32_t j;
  for (c = 0; c < to[0]; c++) {
    for (i = 0; i < to[1]; i++) {
      for (j = 0; j < to[2]; j++) {
        *y++ = x[(c * from[1] + rows[i]) * from[2] + columns[j]];
      }
    }
  }
}
