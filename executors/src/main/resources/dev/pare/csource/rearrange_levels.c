/* Reads a tensor of levels of some sides, one step along a side being a stride through x. */
static void rearrange_levels(const uint8_t *x, uint8_t *y, int32_t count, const int32_t *sides,
                             const int32_t *strides, int32_t rank) {
  int32_t i;
  int32_t side;
  for (i = 0; i < count; i++) {
    int32_t rest = i;
    int32_t at = 0;
    for (side = rank - 1; side >= 0; side--) {
      at += rest % sides[side] * strides[side];
      rest /= sides[side];
    }
    y[i] = x[at];
  }
}
