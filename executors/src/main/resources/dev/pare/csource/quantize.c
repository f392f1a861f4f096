/* The nearest of levels: adding what has no room for a fraction rounds, halves to even ones. */
static float quantize(float x, float scale, float least, float most) {
  float steps = x / scale;
  float above = steps > least ? steps : least;
  float within = above < most ? above : most;
  return (within + 12582912.0f - 12582912.0f) * scale;
}
