/* e^x: a power of two times Taylor's series of what is left, which is at most ln(2) / 2. */
static float exponential(float x) {
  union {
    uint32_t bits;
    float value;
  } power;
  float sum = 1.0f;
  float rest;
  int32_t exponent;
  int32_t i;
  if (!(x >= -87.0f)) {
    return x < -87.0f ? 0.0f : x;
  }
  if (x > 88.0f) {
    x = 88.0f;
  }
  exponent = (int32_t)(x * 1.44269504f + (x < 0.0f ? -0.5f : 0.5f));
  /* ln(2) in two parts, the first of few bits. */
  rest = x - (float)exponent * 0.693359375f;
  rest += (float)exponent * 2.12194440e-4f;
  for (i = 7; i > 0; i--) {
    sum = 1.0f + sum * rest / (float)i;
  }
  power.bits = (uint32_t)(exponent + 127) << 23;
  return sum * power.value;
}
