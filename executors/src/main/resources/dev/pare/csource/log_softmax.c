#include "exponential.c"
#include "logarithm.c"

/* Logarithms of shares of numbers that are a step apart; x may be y. */
static void log_softmax(const float *x, float *y, int32_t count, int32_t step) {
  float largest = x[0];
  float sum = 0.0f;
  int32_t i;
  for (i = 1; i < count; i++) {
    largest = x[i * step] > largest ? x[i * step] : largest;
  }
  for (i = 0; i < count; i++) {
    sum += exponential(x[i * step] - largest);
  }
  sum = logarithm(sum);
  for (i = 0; i < count; i++) {
    y[i * step] = x[i * step] - largest - sum;
  }
}
