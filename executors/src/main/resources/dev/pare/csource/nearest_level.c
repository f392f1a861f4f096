/*
 * The level that is nearest to so many steps above zero, the even number of steps of two; by
 * integers, which round the same on every processor.
 */
static uint8_t nearest_level(float steps, int32_t zero, int32_t least, int32_t most) {
  union {
    float value;
    uint32_t bits;
  } number;
  uint32_t fraction;
  int32_t exponent;
  int32_t whole = 0;
  int32_t level;
  number.value = steps;
  fraction = number.bits & 0x7fffffu;
  exponent = (int32_t)(number.bits >> 23 & 255u);
  if (exponent > 135) {
    /* Beyond all levels, or no number, which is 0. */
    whole = exponent == 255 && fraction > 0 ? 0 : 512;
  } else if (exponent > 125) {
    int32_t shift = 150 - exponent;
    fraction |= 0x800000u;
    whole = (int32_t)((fraction + (1u << (shift - 1)) - 1u + (fraction >> shift & 1u)) >> shift);
  }
  level = zero + (number.bits >> 31 ? -whole : whole);
  return (uint8_t)(level < least ? least : level > most ? most : level);
}
