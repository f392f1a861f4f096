/* A convolution in groups, and a fully connected layer as one of a single place: three products.
 * Sizes are defined before it: of the input IN_C, IN_H, IN_W, of the output OUT_C, OUT_H, OUT_W, of
 * windows KERNEL_, STRIDE_, DILATION_ and PADDING_ Y and X, FILTER_GROUPS; where the input, the
 * output and the weights, which biases follow, begin: X, Y, WEIGHTS. */
#define PLACES (OUT_H * OUT_W)
#define AREA (KERNEL_Y * KERNEL_X)
#define GROUP_IN (IN_C / FILTER_GROUPS)
#define GROUP_OUT (OUT_C / FILTER_GROUPS)
#define TAPS (GROUP_IN * AREA)
#define SIZE (OUT_C * TAPS + OUT_C)

/* The number at a window's tap: place counts over the batch, tap over channel and kernel. */
static float NODE(read)(__global const float *x, int place, int tap, int group) {
  int b = place / PLACES, p = place % PLACES, c = tap / AREA, r = tap % AREA;
  int y = p / OUT_W * STRIDE_Y + r / KERNEL_X * DILATION_Y - PADDING_Y;
  int at = p % OUT_W * STRIDE_X + r % KERNEL_X * DILATION_X - PADDING_X;
  return y < 0 || y >= IN_H || at < 0 || at >= IN_W
             ? 0.0f
             : x[((b * IN_C + group * GROUP_IN + c) * IN_H + y) * IN_W + at];
}

/* The gradient of a sum before the activation. */
static float NODE(error)(__global const float *d, __global const float *y, int place, int f) {
  int at = (place / PLACES * OUT_C + f) * PLACES + place % PLACES;
  return d[at] * SLOPE(y[at]);
}

#define SETUP \
  __global const float *x = values + (size_t)student * VALUES + X; \
  __global float *y = values + (size_t)student * VALUES + Y; \
  __global const float *w = parameters + (size_t)student * PITCH + WEIGHTS; (void)w; (void)x; (void)y; \
  __global const float *d = errors + (size_t)student * VALUES + Y; (void)d; \
  __global float *e = errors + (size_t)student * VALUES + X; (void)e;

#define NAME NODE(forward)
#define M (BATCH * PLACES)
#define N GROUP_OUT
#define K TAPS
#define A_BY_K (PLACES == 1)
#define B_BY_K 1
#define SPLIT 1
#define GROUPS FILTER_GROUPS
#define A(m, k) NODE(read)(x, m, k, group)
#define B(k, n) w[(group * GROUP_OUT + (n)) * TAPS + (k)]
#define STORE(m, n, c) \
  y[((m) / PLACES * OUT_C + group * GROUP_OUT + (n)) * PLACES + (m) % PLACES] = \
      ACTIVATE((c) + w[OUT_C * TAPS + group * GROUP_OUT + (n)])
#define TM FORWARD_TM
#define TN FORWARD_TN
#include "product.cl"

#define NAME NODE(weights)
#define M GROUP_OUT
#define N (TAPS + 1)
#define K (BATCH * PLACES)
#define A_BY_K (PLACES != 1)
#define B_BY_K (PLACES != 1)
#define SPLIT WEIGHTS_SPLIT
#define A(m, k) NODE(error)(d, y, k, group * GROUP_OUT + (m))
/* The biases' gradients are a product with ones. */
#define B(k, n) ((n) == TAPS ? 1.0f : NODE(read)(x, k, n, group))
#define INDEX(m, n) \
  ((n) == TAPS ? OUT_C * TAPS + group * GROUP_OUT + (m) : (group * GROUP_OUT + (m)) * TAPS + (n))
#if WEIGHTS_SPLIT == 1
#define STORE(m, n, c) gradient[(size_t)student * PITCH + WEIGHTS + INDEX(m, n)] = (c)
#else
#define STORE(m, n, c) parts[(size_t)student * PARTS + part * SIZE + INDEX(m, n)] = (c)
#endif
#define TM WEIGHTS_TM
#define TN WEIGHTS_TN
#include "product.cl"
#undef INDEX

#if WEIGHTS_SPLIT > 1
__kernel void NODE(sum)(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int i = get_global_id(0);
  if (i < SIZE) {
    float sum = 0.0f;
    for (int part = 0; part < WEIGHTS_SPLIT; part++) {
      sum += parts[(size_t)student * PARTS + part * SIZE + i];
    }
    gradient[(size_t)student * PITCH + WEIGHTS + i] = sum;
  }
}
#endif

#if INPUT_GRADIENT
/* What the sum at a window's tap passes back to an input, if it is a place of one. */
static float NODE(passed)(
    __global const float *d, __global const float *y, int place, int tap, int group) {
  int b = place / (IN_H * IN_W), p = place % (IN_H * IN_W), f = tap / AREA, r = tap % AREA;
  int row = p / IN_W + PADDING_Y - r / KERNEL_X * DILATION_Y;
  int column = p % IN_W + PADDING_X - r % KERNEL_X * DILATION_X;
  if (row < 0 || column < 0 || row % STRIDE_Y != 0 || column % STRIDE_X != 0
      || row / STRIDE_Y >= OUT_H || column / STRIDE_X >= OUT_W) {
    return 0.0f;
  }
  return NODE(error)(
      d, y, b * PLACES + row / STRIDE_Y * OUT_W + column / STRIDE_X, group * GROUP_OUT + f);
}

#define NAME NODE(input)
#define M (BATCH * IN_H * IN_W)
#define N GROUP_IN
#define K (GROUP_OUT * AREA)
#define A_BY_K (IN_H * IN_W == 1)
#define B_BY_K (AREA != 1)
#define SPLIT 1
#define A(m, k) NODE(passed)(d, y, m, k, group)
#define B(k, n) w[((group * GROUP_OUT + (k) / AREA) * GROUP_IN + (n)) * AREA + (k) % AREA]
#define STORE(m, n, c) \
  e[((m) / (IN_H * IN_W) * IN_C + group * GROUP_IN + (n)) * (IN_H * IN_W) + (m) % (IN_H * IN_W)] \
      PUT(c)
#define TM INPUT_TM
#define TN INPUT_TN
#include "product.cl"
#endif
#undef GROUPS
#undef SETUP
#undef PLACES
#undef AREA
#undef GROUP_IN
#undef GROUP_OUT
#undef TAPS
#undef SIZE
