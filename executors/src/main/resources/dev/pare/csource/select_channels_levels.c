static void select_channels_levels(const uint8_t *x, uint8_t *y, const uint16_t *channels,
                                   int32_t count, int32_t places) {
  int32_t i;
  for (i = 0; i < count * places; i++) {
    y[i] = x[channels[i / places] * places + i % places];
  }
}
