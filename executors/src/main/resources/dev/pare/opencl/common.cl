/* What all kernels of a network share. Everything is of one student, number `student`, which is the
 * place of its variables in the buffers; sums go in a fixed order and nothing is atomic, so a
 * student's numbers do not depend on who else is trained. */
/* On a processor this keeps a product and its sum one operation, as on a GPU. */
#pragma OPENCL FP_CONTRACT OFF

#define ARGUMENTS \
  __global const DATA *restrict features, __global const int *restrict labels, \
  __global const float *restrict targets, __global const float *restrict classWeights, \
  __global const float *restrict teacher, __global const int *restrict examples, \
  __global const int *restrict students, __global const int *restrict firstSteps, \
  __global const float4 *restrict rates, __global const float *restrict settings, \
  __global float *parameters, __global float *gradient, __global float *variables, \
  __global float *first, __global float *second, __global uchar *flags, \
  __global const int *restrict sources, __global const int *restrict members, \
  __global const int *restrict kinds, __global float *values, __global float *errors, \
  __global float *parts, __global float *losses, int round

/* Settings of a student, in their order. */
#define ALPHA 0
#define TEMPERATURE 1
#define SMOOTHING 2
#define L1 3
#define L2 4
#define SHARED 5
#define VARIABLES 6
#define SETTINGS 8

/* Kinds of variables, as flags of shared ones and as kinds of the rest. */
#define WEIGHT 0
#define FREE 1
#define STATISTIC 2

#define STUDENT_AT(z) const int student = students[z]; \
  const int step = (firstSteps[student] + round) % STEPS; (void)step;
/* Learning rate and epsilon with Adam's corrections, examples of the batch, and one over them. */
#define RATES rates[(size_t)student * STEPS + step]
#define SETTING(i) settings[(size_t)student * SETTINGS + (i)]
#define EXAMPLE(b) examples[((size_t)student * STEPS + step) * BATCH + (b)]

#define ACTIVATE_IDENTITY(x) (x)
#define ACTIVATE_RELU(x) relu(x)
#define ACTIVATE_SIGMOID(x) (1.0f / (1.0f + exp(-(x))))
#define ACTIVATE_TANH(x) (1.0f - 2.0f / (1.0f + exp(2.0f * (x))))
/* Of an activated value. */
#define SLOPE_IDENTITY(y) 1.0f
#define SLOPE_RELU(y) ((y) > 0.0f ? 1.0f : 0.0f)
#define SLOPE_SIGMOID(y) ((y) * (1.0f - (y)))
#define SLOPE_TANH(y) (1.0f - (y) * (y))

/* Unlike fmax these keep what is no number, so that training that diverges is seen to. */
static float relu(float x) {
  return x < 0.0f ? 0.0f : x;
}

static float larger(float a, float b) {
  return a != a || a > b ? a : b;
}

/* The sum over a work group, in one order; all of its items get it. */
static float groupSum(__local float *room, float own, int item, int items) {
  room[item] = own;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int left = items / 2; left > 0; left /= 2) {
    if (item < left) {
      room[item] += room[item + left];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float sum = room[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  return sum;
}

/* The batch's examples, scaled; zero behind the last of them. */
__kernel void load(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int i = get_global_id(0);
  if (i < BATCH * FEATURES) {
    int example = EXAMPLE(i / FEATURES);
    values[(size_t)student * VALUES + INPUT + i] =
        example < 0 ? 0.0f : features[(size_t)example * FEATURES + i % FEATURES] * SCALE;
  }
}

#if CLASSIFICATION
/* (1 - alpha) cross entropy + alpha T^2 KL (Hinton, Vinyals and Dean 2015): its value and gradient,
 * a work item an example. */
__kernel void loss(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int b = get_global_id(0);
  if (b >= BATCH) {
    return;
  }
  __global const float *logits = values + (size_t)student * VALUES + OUTPUT + b * OUTPUTS;
  __global float *slope = errors + (size_t)student * VALUES + OUTPUT + b * OUTPUTS;
  int example = EXAMPLE(b);
  if (example < 0) {
    for (int c = 0; c < OUTPUTS; c++) {
      slope[c] = 0.0f;
    }
    parts[(size_t)student * PARTS + b] = 0.0f;
    return;
  }
  float alpha = SETTING(ALPHA), temperature = SETTING(TEMPERATURE), smoothing = SETTING(SMOOTHING);
  int label = labels[example];
  float weight = classWeights[label], mean = weight * RATES.w;
  float largest = -INFINITY, total = 0.0f;
  for (int c = 0; c < OUTPUTS; c++) {
    largest = fmax(largest, logits[c]);
    total += logits[c];
  }
  float hard = 0.0f, soft = 0.0f;
  for (int c = 0; c < OUTPUTS; c++) {
    hard += exp(logits[c] - largest);
    soft += exp((logits[c] - largest) / temperature);
  }
  float target = (1.0f - smoothing) * logits[label] + smoothing / OUTPUTS * total;
  float value = weight * (1.0f - alpha) * (largest + log(hard) - target);
  float divergence = 0.0f;
  float taught = -INFINITY, said = 0.0f;
  __global const float *from = teacher + (size_t)example * OUTPUTS;
  if (alpha > 0.0f) {
    for (int c = 0; c < OUTPUTS; c++) {
      taught = fmax(taught, from[c]);
    }
    for (int c = 0; c < OUTPUTS; c++) {
      said += exp((from[c] - taught) / temperature);
    }
  }
  for (int c = 0; c < OUTPUTS; c++) {
    float p = exp(logits[c] - largest) / hard;
    float g = (1.0f - alpha) * mean * (p - smoothing / OUTPUTS);
    if (c == label) {
      g -= (1.0f - alpha) * mean * (1.0f - smoothing);
    }
    if (alpha > 0.0f) {
      float own = exp((logits[c] - largest) / temperature) / soft;
      float theirs = exp((from[c] - taught) / temperature) / said;
      if (theirs > 0.0f) {
        divergence += theirs * log(theirs / fmax(own, FLT_MIN));
      }
      g += alpha * mean * temperature * (own - theirs);
    }
    slope[c] = g;
  }
  parts[(size_t)student * PARTS + b] =
      value + weight * alpha * temperature * temperature * divergence;
}
#else
/* The mean squared error of targets and of what a teacher says. */
__kernel void loss(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int b = get_global_id(0);
  if (b >= BATCH) {
    return;
  }
  __global const float *said = values + (size_t)student * VALUES + OUTPUT + b * OUTPUTS;
  __global float *slope = errors + (size_t)student * VALUES + OUTPUT + b * OUTPUTS;
  int example = EXAMPLE(b);
  float alpha = SETTING(ALPHA), mean = RATES.w / OUTPUTS, value = 0.0f;
  for (int o = 0; o < OUTPUTS; o++) {
    float g = 0.0f;
    if (example >= 0) {
      float off = said[o] - targets[(size_t)example * OUTPUTS + o];
      value += (1.0f - alpha) * off * off;
      g = 2.0f * (1.0f - alpha) * mean * off;
      if (alpha > 0.0f) {
        off = said[o] - teacher[(size_t)example * OUTPUTS + o];
        value += alpha * off * off;
        g += 2.0f * alpha * mean * off;
      }
    }
    slope[o] = g;
  }
  parts[(size_t)student * PARTS + b] = value / OUTPUTS;
}
#endif

/* A step's loss: the mean over its examples. */
__kernel void sumLoss(ARGUMENTS) {
  STUDENT_AT(get_global_id(0))
  float sum = 0.0f;
  for (int b = 0; b < BATCH; b++) {
    sum += parts[(size_t)student * PARTS + b];
  }
  losses[(size_t)student * STEPS + step] = sum * RATES.w;
}

static float moved(float g, float w, __global float *m, __global float *v, float4 rate) {
  float mi = fma(0.9f, *m, (1.0f - 0.9f) * g);
  float vi = fma(0.999f, *v, (1.0f - 0.999f) * g * g);
  /* They are not to fade to denormal numbers, which processors are slow at. */
  *m = fabs(mi) < 1e-20f ? 0.0f : mi;
  *v = vi < 1e-30f ? 0.0f : vi;
  return w - rate.x * mi / (sqrt(vi) + rate.y);
}

/* Adam (Kingma and Ba 2015) on parameters that are variables themselves: penalties, moments and
 * mask in one pass. */
__kernel void adam(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int i = get_global_id(0);
  if (i >= PARAMETERS || SETTING(SHARED) != 0.0f) {
    return;
  }
  size_t at = (size_t)student * PITCH + i;
  float g = gradient[at], w = parameters[at];
  switch (kinds[i]) {
    case STATISTIC:
      parameters[at] = w - g;
      break;
    case FREE:
      parameters[at] = moved(g, w, first + at, second + at, RATES);
      break;
    default:
      if (flags[at]) {
        float l1 = SETTING(L1);
        g = fma(SETTING(L2), w, g);
        g += w > 0.0f ? l1 : w < 0.0f ? -l1 : 0.0f;
        parameters[at] = moved(g, w, first + at, second + at, RATES);
      } else {
        parameters[at] = 0.0f;
        first[at] = 0.0f;
        second[at] = 0.0f;
      }
  }
}

/* The same on variables that several parameters share: their gradients are added up, then each
 * takes its step. The parameters of a variable are listed one after the other. */
#define SHARERS 64
__kernel __attribute__((reqd_work_group_size(SHARERS, 1, 1))) void adamShared(ARGUMENTS) {
  __local float room[SHARERS];
  STUDENT_AT(get_group_id(1))
  int variable = get_group_id(0), item = get_local_id(0);
  if (SETTING(SHARED) == 0.0f || variable >= SETTING(VARIABLES)) {
    return;
  }
  size_t at = (size_t)student * PITCH;
  __global const int *own = members + 2 * at + student;
  int from = own[variable], to = own[variable + 1];
  __global const int *list = own + PITCH + 1;
  float g = 0.0f;
  for (int i = from + item; i < to; i += SHARERS) {
    g += gradient[at + list[i]];
  }
  g = groupSum(room, g, item, SHARERS);
  if (item == 0) {
    at += variable;
    float w = variables[at];
    variables[at] =
        flags[at] == STATISTIC ? w - g : moved(g, w, first + at, second + at, RATES);
  }
}

/* Parameters from the variables that they share. */
__kernel void expand(ARGUMENTS) {
  STUDENT_AT(get_global_id(1))
  int i = get_global_id(0);
  if (i < PARAMETERS && SETTING(SHARED) != 0.0f) {
    size_t at = (size_t)student * PITCH;
    int source = sources[at + i];
    parameters[at + i] = source < 0 ? 0.0f : variables[at + source];
  }
}
