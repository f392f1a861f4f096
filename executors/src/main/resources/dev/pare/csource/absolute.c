static float absolute(float x) {
  return x < 0.0f ? -x : x;
}
