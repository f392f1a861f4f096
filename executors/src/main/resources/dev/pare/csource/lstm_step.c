#include "hyperbolic_tangent.c"
#include "sigmoid.c"

/* Updates cells and units by the sums of candidates, and of forget, output and input gates. */
static void lstm_step(const float *sums, float *cells, float *units, int32_t count) {
  int32_t i;
  for (i = 0; i < count; i++) {
    cells[i] = sigmoid(sums[count + i]) * cells[i] +
               sigmoid(sums[3 * count + i]) * hyperbolic_tangent(sums[i]);
    units[i] = sigmoid(sums[2 * count + i]) * hyperbolic_tangent(cells[i]);
  }
}
