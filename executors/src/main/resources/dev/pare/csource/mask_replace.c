/* Hides numbers, counted by places and at each by channels; x may be y. */
static void mask_replace(const float *x, float *y, const uint8_t *hidden, int32_t period,
    float number, int32_t channels, int32_t places) {
  int32_t at;
  for (at = 0; at < channels * places; at++) {
    int32_t i = (at % places * channels + at / places) % period;
    y[at] = hidden[i / 8] >> (i % 8) & 1 ? number : x[at];
  }
}
