static float clip(float x, float least, float most) {
  float above = x > least ? x : least;
  return above < most ? above : most;
}
