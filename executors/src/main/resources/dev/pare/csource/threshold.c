static float threshold(float x, float least) {
  return x < least ? 0.0f : x;
}
