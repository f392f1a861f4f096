/* The square root of a number above 0, by Newton's method. */
static float root(float x) {
  union {
    uint32_t bits;
    float value;
  } guess;
  int32_t i;
  guess.value = x;
  guess.bits = (guess.bits >> 1) + 0x1fbd1df5u;
  for (i = 0; i < 4; i++) {
    guess.value = 0.5f * (guess.value + x / guess.value);
  }
  return guess.value;
}
