/*
 * y[column][i][row], the sum over k of a[k][i][row] times b[column][i][k], or b[k][i][column] if
 * transposed. A matrix of height 1 serves all i.
 */
static void matrix_product(const float *a, const float *b, float *y, const int32_t a_shape[3],
                           const int32_t b_shape[3], const int32_t y_shape[3],
                           int32_t transposed) {
  int32_t column;
  int32_t i;
  int32_t row;
  int32_t k;
  for (column = 0; column < y_shape[0]; column++) {
    for (i = 0; i < y_shape[1]; i++) {
      for (row = 0; row < y_shape[2]; row++) {
        float sum = 0.0f;
        int32_t of_a = (a_shape[1] == 1 ? 0 : i) * a_shape[2] + row;
        int32_t of_b = (b_shape[1] == 1 ? 0 : i) * b_shape[2];
        for (k = 0; k < a_shape[0]; k++) {
          int32_t at = transposed ? k : column;
          at = at * b_shape[1] * b_shape[2] + of_b + (transposed ? column : k);
          sum += a[k * a_shape[1] * a_shape[2] + of_a] * b[at];
        }
        *y++ = sum;
      }
    }
  }
}
