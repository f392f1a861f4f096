#include "nearest_level.c"
#include "scaled.c"

/* A sum of what levels stand for, and its levels. */
struct levels_sum {
  float scales[2];
  float scale;        /* of the sum */
  int32_t channels;   /* that have a summand; the others have none */
  int32_t height;     /* of these */
  int32_t width;
  int32_t stride;     /* from one that counts to the next */
  uint8_t zeros[2];
  uint8_t zero;       /* of the sum, and its levels */
  uint8_t least;
  uint8_t most;
};

/* y may be x. */
static void add_levels(const struct levels_sum *sum, const uint8_t *x, const uint8_t *summands,
                       uint8_t *y, const int32_t shape[3]) {
  int32_t c;
  int32_t i;
  int32_t j;
  for (c = 0; c < shape[0]; c++) {
    for (i = 0; i < shape[1]; i++) {
      int32_t from = (c * sum->height + i * sum->stride) * sum->width;
      for (j = 0; j < shape[2]; j++) {
        float number = scaled(*x++ - sum->zeros[0], sum->scales[0]);
        if (c < sum->channels) {
          number += scaled(summands[from + j * sum->stride] - sum->zeros[1], sum->scales[1]);
        }
        *y++ = nearest_level(number / sum->scale, sum->zero, sum->least, sum->most);
      }
    }
  }
}
