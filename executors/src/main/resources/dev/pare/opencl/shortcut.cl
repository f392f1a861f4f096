/* A sum with what an earlier layer made, OTHER, of which every SAMPLED-th row and column count and
 * which may have fewer channels. */
__kernel void NODE(forward)(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int i = get_global_id(0);
  if (i >= BATCH * OUT_C * OUT_H * OUT_W) {
    return;
  }
  __global float *own = values + (size_t)student * VALUES;
  int x = i % OUT_W, y = i / OUT_W % OUT_H, c = i / (OUT_W * OUT_H) % OUT_C;
  int b = i / (OUT_W * OUT_H * OUT_C);
  float sum = own[X + i];
  if (c < OTHER_C) {
    sum += own[OTHER + ((b * OTHER_C + c) * OTHER_H + y * SAMPLED) * OTHER_W + x * SAMPLED];
  }
  own[Y + i] = ACTIVATE(sum);
}

#if INPUT_GRADIENT
__kernel void NODE(input)(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int i = get_global_id(0);
  if (i < BATCH * OUT_C * OUT_H * OUT_W) {
    size_t own = (size_t)student * VALUES;
    errors[own + X + i] PUT(errors[own + Y + i] * SLOPE(values[own + Y + i]));
  }
}
#endif

#if OTHER_GRADIENT
__kernel void NODE(other)(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int i = get_global_id(0);
  if (i < BATCH * OTHER_C * OTHER_H * OTHER_W) {
    int x = i % OTHER_W, y = i / OTHER_W % OTHER_H, c = i / (OTHER_W * OTHER_H) % OTHER_C;
    int b = i / (OTHER_W * OTHER_H * OTHER_C);
    size_t own = (size_t)student * VALUES;
    float passed = 0.0f;
    if (x % SAMPLED == 0 && y % SAMPLED == 0) {
      int at = ((b * OUT_C + c) * OUT_H + y / SAMPLED) * OUT_W + x / SAMPLED;
      passed = errors[own + Y + at] * SLOPE(values[own + Y + at]);
    }
    errors[own + OTHER + i] PUT_OTHER(passed);
  }
}
#endif
