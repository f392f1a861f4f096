#include "root.c"

/*
 * Numbers less their mean, divided by their deviation, times factors, plus summands; x may be y.
 * Numbers are a step apart, and as many in turn have one factor.
 */
static void normalize(const float *x, float *y, const float *factors, const float *summands,
                      int32_t count, int32_t step, int32_t run, float epsilon) {
  float mean = 0.0f;
  float variance = 0.0f;
  float deviation;
  int32_t i;
  for (i = 0; i < count; i++) {
    mean += x[i * step];
  }
  mean /= (float)count;
  for (i = 0; i < count; i++) {
    float off = x[i * step] - mean;
    variance += off * off;
  }
  deviation = root(variance / (float)count + epsilon);
  for (i = 0; i < count; i++) {
    y[i * step] = factors[i / run] * ((x[i * step] - mean) / deviation) + summands[i / run];
  }
}
