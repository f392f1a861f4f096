/* What units make of a step, among that of all steps. */
static void write_step(const float *units, float *y, int32_t step, int32_t count, int32_t steps) {
  int32_t i;
  for (i = 0; i < count; i++) {
    y[i * steps + step] = units[i];
  }
}
