#include "hyperbolic_tangent.c"
#include "sigmoid.c"

/* Updates units by the sums of update and reset gates and of candidates. */
static void gru_step(const float *of_input, const float *of_units, float *units, int32_t count) {
  int32_t i;
  for (i = 0; i < count; i++) {
    float update = sigmoid(of_input[i] + of_units[i]);
    float reset = sigmoid(of_input[count + i] + of_units[count + i]);
    float candidate =
        hyperbolic_tangent(of_input[2 * count + i] + reset * of_units[2 * count + i]);
    units[i] = (1.0f - update) * candidate + update * units[i];
  }
}
