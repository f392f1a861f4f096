/* Maximum and average pooling; sizes as of a convolution. What padding adds counts for nothing, and
 * of several values that are the largest the first one gets the gradient. */
#define AT(y, k, side) ((y) * STRIDE_##side + (k) * DILATION_##side - PADDING_##side)

__kernel void NODE(forward)(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int i = get_global_id(0);
  if (i >= BATCH * OUT_C * OUT_H * OUT_W) {
    return;
  }
  int plane = i / (OUT_H * OUT_W), y = i / OUT_W % OUT_H, x = i % OUT_W, seen = 0;
  __global const float *in = values + (size_t)student * VALUES + X + plane * IN_H * IN_W;
  float value = 0.0f;
  for (int ky = 0; ky < KERNEL_Y; ky++) {
    for (int kx = 0; kx < KERNEL_X; kx++) {
      int row = AT(y, ky, Y), column = AT(x, kx, X);
      if (row >= 0 && row < IN_H && column >= 0 && column < IN_W) {
        float here = in[row * IN_W + column];
        value = seen++ == 0 ? here : MAXIMUM ? larger(value, here) : value + here;
      }
    }
  }
  values[(size_t)student * VALUES + Y + i] = MAXIMUM || seen == 0 ? value : value / seen;
}

#if INPUT_GRADIENT
/* Of each input, over the windows that it lies in. */
__kernel void NODE(input)(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int i = get_global_id(0);
  if (i >= BATCH * IN_C * IN_H * IN_W) {
    return;
  }
  int plane = i / (IN_H * IN_W), row = i / IN_W % IN_H, column = i % IN_W;
  __global const float *in = values + (size_t)student * VALUES + X + plane * IN_H * IN_W;
  __global const float *out = values + (size_t)student * VALUES + Y + plane * OUT_H * OUT_W;
  __global const float *d = errors + (size_t)student * VALUES + Y + plane * OUT_H * OUT_W;
  float sum = 0.0f;
  for (int ky = 0; ky < KERNEL_Y; ky++) {
    for (int kx = 0; kx < KERNEL_X; kx++) {
      int y = row + PADDING_Y - ky * DILATION_Y, x = column + PADDING_X - kx * DILATION_X;
      if (y < 0 || x < 0 || y % STRIDE_Y != 0 || x % STRIDE_X != 0) {
        continue;
      }
      y /= STRIDE_Y;
      x /= STRIDE_X;
      if (y >= OUT_H || x >= OUT_W) {
        continue;
      }
#if MAXIMUM
      float largest = out[y * OUT_W + x];
      int first = in[row * IN_W + column] == largest;
      for (int k = 0; first && k < ky * KERNEL_X + kx; k++) {
        int otherRow = AT(y, k / KERNEL_X, Y), other = AT(x, k % KERNEL_X, X);
        first = !(otherRow >= 0 && otherRow < IN_H && other >= 0 && other < IN_W
                  && in[otherRow * IN_W + other] == largest);
      }
      sum += first ? d[y * OUT_W + x] : 0.0f;
#else
      int seen = 0;
      for (int k = 0; k < KERNEL_Y * KERNEL_X; k++) {
        int otherRow = AT(y, k / KERNEL_X, Y), other = AT(x, k % KERNEL_X, X);
        seen += otherRow >= 0 && otherRow < IN_H && other >= 0 && other < IN_W;
      }
      sum += d[y * OUT_W + x] / seen;
#endif
    }
  }
  (void)in;
  (void)out;
  errors[(size_t)student * VALUES + X + i] PUT(sum);
}
#endif
#undef AT
