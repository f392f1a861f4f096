static float affine(float x, float factor, float summand) {
  return factor * x + summand;
}
