/* ln(x), x above 0: the exponent's, and twice the series of artanh((m - 1) / (m + 1)). */
static float logarithm(float x) {
  union {
    uint32_t bits;
    float value;
  } number;
  int32_t exponent;
  float s;
  number.value = x;
  exponent = (int32_t)(number.bits >> 23) - 127;
  number.bits = (number.bits & 0x7fffffu) | 0x3f800000u;
  if (number.value > 1.41421356f) {
    number.value *= 0.5f;
    exponent++;
  }
  s = (number.value - 1.0f) / (number.value + 1.0f);
  return (float)exponent * 0.69314718f +
         2.0f * s * (1.0f + s * s * (1.0f / 3.0f + s * s * (0.2f + s * s * (1.0f / 7.0f +
             s * s / 9.0f))));
}
