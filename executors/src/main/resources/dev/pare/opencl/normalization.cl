/* Batch normalization (Ioffe and Szegedy 2015), a work group a channel. GAMMA is the first of its
 * parameters: beta, means and variances follow. STATISTICS is where the batch's are kept. */
#define PLACES (IN_H * IN_W)
#define ITEMS 64

__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void NODE(forward)(ARGUMENTS) {
  __local float room[ITEMS];
  STUDENT_AT(get_group_id(1))
  int c = get_group_id(0), item = get_local_id(0), count = (int)RATES.z * PLACES;
  __global float *own = values + (size_t)student * VALUES;
  __global const float *p = parameters + (size_t)student * PITCH + GAMMA + c;
#define INDEX(i) (((i) / PLACES * IN_C + c) * PLACES + (i) % PLACES)
  float sum = 0.0f;
  for (int i = item; i < count; i += ITEMS) {
    sum += own[X + INDEX(i)];
  }
  float mean = groupSum(room, sum, item, ITEMS) / count;
  sum = 0.0f;
  for (int i = item; i < count; i += ITEMS) {
    float off = own[X + INDEX(i)] - mean;
    sum += off * off;
  }
  float variance = groupSum(room, sum, item, ITEMS) / count;
  if (item == 0) {
    own[STATISTICS + c] = mean;
    own[STATISTICS + IN_C + c] = variance;
  }
  float inverse = 1.0f / sqrt(variance + EPSILON);
  for (int i = item; i < BATCH * PLACES; i += ITEMS) {
    float value = i < count ? p[0] * ((own[X + INDEX(i)] - mean) * inverse) + p[IN_C] : 0.0f;
    own[Y + INDEX(i)] = ACTIVATE(value);
  }
}

__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void NODE(backward)(ARGUMENTS) {
  __local float room[ITEMS];
  STUDENT_AT(get_group_id(1))
  int c = get_group_id(0), item = get_local_id(0), count = (int)RATES.z * PLACES;
  __global const float *own = values + (size_t)student * VALUES;
  __global float *error = errors + (size_t)student * VALUES;
  __global const float *p = parameters + (size_t)student * PITCH + GAMMA + c;
  __global float *g = gradient + (size_t)student * PITCH + GAMMA + c;
  float mean = own[STATISTICS + c], variance = own[STATISTICS + IN_C + c];
  float inverse = 1.0f / sqrt(variance + EPSILON);
#define ERROR(i) (error[Y + INDEX(i)] * SLOPE(own[Y + INDEX(i)]))
#define NORMALIZED(i) ((own[X + INDEX(i)] - mean) * inverse)
  float sum = 0.0f, dot = 0.0f;
  for (int i = item; i < count; i += ITEMS) {
    float d = ERROR(i);
    sum += d;
    dot += d * NORMALIZED(i);
  }
  sum = groupSum(room, sum, item, ITEMS);
  dot = groupSum(room, dot, item, ITEMS);
#if INPUT_GRADIENT
  float factor = p[0] * inverse;
  for (int i = item; i < BATCH * PLACES; i += ITEMS) {
    error[X + INDEX(i)]
        PUT(i < count ? factor * (ERROR(i) - sum / count - NORMALIZED(i) * (dot / count)) : 0.0f);
  }
#endif
  if (item == 0) {
    g[0] = dot;
    g[IN_C] = sum;
    g[2 * IN_C] = MOMENTUM * (p[2 * IN_C] - mean);
    g[3 * IN_C] = MOMENTUM * (p[3 * IN_C] - variance);
  }
#undef INDEX
#undef ERROR
#undef NORMALIZED
}
#undef PLACES
#undef ITEMS
