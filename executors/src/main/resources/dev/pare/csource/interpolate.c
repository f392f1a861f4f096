/* Of each place of the output its two neighbours, and how much the second counts. */
struct neighbours {
  const uint16_t *first;
  const uint16_t *second;
  const float *share;
  int32_t from;
  int32_t to;
};

static void interpolate(const float *x, float *y, const struct neighbours sides[2],
                        int32_t channels) {
  const struct neighbours *v = &sides[0];
  const struct neighbours *h = &sides[1];
  int32_t c;
  int32_t i;
  int32_t j;
  for (c = 0; c < channels; c++) {
    for (i = 0; i < v->to; i++) {
      const float *above = x + v->first[i] * h->from;
      const float *below = x + v->second[i] * h->from;
      for (j = 0; j < h->to; j++) {
        float a = above[h->first[j]];
        float b = below[h->first[j]];
        a += h->share[j] * (above[h->second[j]] - a);
        b += h->share[j] * (below[h->second[j]] - b);
        *y++ = a + v->share[i] * (b - a);
      }
    }
    x += v->from * h->from;
  }
}
