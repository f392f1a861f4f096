#include "softmax.c"

/* Mixes the values of places by how queries fit keys, in each head. */
static void attend(const float *queries, const float *keys, const float *values, float *mixed,
                   float *shares, int32_t heads, int32_t width, int32_t places, float scale) {
  int32_t head;
  int32_t place;
  int32_t other;
  int32_t i;
  for (head = 0; head < heads; head++) {
    int32_t from = head * width * places;
    for (place = 0; place < places; place++) {
      for (other = 0; other < places; other++) {
        float score = 0.0f;
        for (i = 0; i < width; i++) {
          score += queries[from + i * places + place] * keys[from + i * places + other];
        }
        shares[other] = score * scale;
      }
      softmax(shares, shares, places, 1);
      for (i = 0; i < width; i++) {
        float sum = 0.0f;
        for (other = 0; other < places; other++) {
          sum += shares[other] * values[from + i * places + other];
        }
        mixed[from + i * places + place] = sum;
      }
    }
  }
}
