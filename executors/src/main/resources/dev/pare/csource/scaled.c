/* A product that is rounded, whatever it is added to: volatile, lest both become one operation. */
static float scaled(int32_t whole, float scale) {
  volatile float product = (float)whole * scale;
  return product;
}
