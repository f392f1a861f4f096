static float binary(float x, float level) {
  return x < 0.5f * level ? 0.0f : level;
}
