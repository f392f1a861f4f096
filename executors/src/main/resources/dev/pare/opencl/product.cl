/* C[M,N] = A[M,K] B[K,N] by tiles, of one student, group and part of K; every output sums k in its
 * order, so that tiles do not change its bits. Before it stand defines of NAME, M, N, K, A(m, k),
 * B(k, n), STORE(m, n, c), SETUP, whether neighbours in memory are those in k (A_BY_K, B_BY_K), into
 * how many parts k is divided (SPLIT), sides of a tile (TM, TN) and how many groups there are (GROUPS);
 * all but SETUP and GROUPS are undefined behind it. */
#define RM 4
#define RN 4
#define TK 16
#define ITEMS ((TM / RM) * (TN / RN))
#define STRIDE_A (TM + 4)
#define STRIDE_B (TN + 4)
#define LOADS_A (TM * TK / ITEMS)
#define LOADS_B (TN * TK / ITEMS)
#if A_BY_K
#define A_M(q) (((q) * ITEMS + item) / TK)
#define A_K(q) (((q) * ITEMS + item) % TK)
#else
#define A_M(q) (((q) * ITEMS + item) % TM)
#define A_K(q) (((q) * ITEMS + item) / TM)
#endif
#if B_BY_K
#define B_N(q) (((q) * ITEMS + item) / TK)
#define B_K(q) (((q) * ITEMS + item) % TK)
#else
#define B_N(q) (((q) * ITEMS + item) % TN)
#define B_K(q) (((q) * ITEMS + item) / TN)
#endif
__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void NAME(ARGUMENTS) {
  __local float4 tileA[TK * STRIDE_A / 4];
  __local float4 tileB[TK * STRIDE_B / 4];
  __local float *a = (__local float *)tileA;
  __local float *b = (__local float *)tileB;
  const int item = get_local_id(0);
  const int z = get_group_id(2);
  STUDENT_AT(z / (SPLIT * GROUPS))
  const int part = z / GROUPS % SPLIT, group = z % GROUPS;
  (void)part;
  (void)group;
  const int firstM = get_group_id(1) * TM, firstN = get_group_id(0) * TN;
  const int atN = item % (TN / RN), atM = item / (TN / RN);
  const int partK = ((K + SPLIT - 1) / SPLIT + TK - 1) / TK * TK;
  const int firstK = part * partK, lastK = min(K, firstK + partK);
  SETUP
  float nextA[LOADS_A], nextB[LOADS_B];
  float c[RM][RN];
  for (int i = 0; i < RM; i++) {
    for (int j = 0; j < RN; j++) {
      c[i][j] = 0.0f;
    }
  }
#define LOAD(k0) \
  _Pragma("unroll") for (int q = 0; q < LOADS_A; q++) { \
    int m = firstM + A_M(q), k = (k0) + A_K(q); \
    nextA[q] = m < M && k < lastK ? (A(m, k)) : 0.0f; \
  } \
  _Pragma("unroll") for (int q = 0; q < LOADS_B; q++) { \
    int n = firstN + B_N(q), k = (k0) + B_K(q); \
    nextB[q] = n < N && k < lastK ? (B(k, n)) : 0.0f; \
  }
  LOAD(firstK)
  for (int k0 = firstK; k0 < lastK; k0 += TK) {
    barrier(CLK_LOCAL_MEM_FENCE);
#pragma unroll
    for (int q = 0; q < LOADS_A; q++) {
      a[A_K(q) * STRIDE_A + A_M(q)] = nextA[q];
    }
#pragma unroll
    for (int q = 0; q < LOADS_B; q++) {
      b[B_K(q) * STRIDE_B + B_N(q)] = nextB[q];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (k0 + TK < lastK) {
      LOAD(k0 + TK)
    }
#pragma unroll
    for (int k = 0; k < TK; k++) {
      float4 rowA = tileA[k * STRIDE_A / 4 + atM];
      float4 rowB = tileB[k * STRIDE_B / 4 + atN];
      float ra[4] = {rowA.x, rowA.y, rowA.z, rowA.w};
      float rb[4] = {rowB.x, rowB.y, rowB.z, rowB.w};
#pragma unroll
      for (int i = 0; i < RM; i++) {
#pragma unroll
        for (int j = 0; j < RN; j++) {
          c[i][j] = fma(ra[i], rb[j], c[i][j]);
        }
      }
    }
  }
#undef LOAD
#pragma unroll
  for (int i = 0; i < RM; i++) {
    int m = firstM + atM * RM + i;
#pragma unroll
    for (int j = 0; j < RN; j++) {
      int n = firstN + atN * RN + j;
      if (m < M && n < N) {
        STORE(m, n, c[i][j]);
      }
    }
  }
}
#undef ITEMS
#undef STRIDE_A
#undef STRIDE_B
#undef LOADS_A
#undef LOADS_B
#undef A_M
#undef A_K
#undef B_N
#undef B_K
#undef RM
#undef RN
#undef TK
#undef NAME
#undef M
#undef N
#undef K
#undef A_BY_K
#undef B_BY_K
#undef SPLIT
#undef A
#undef B
#undef STORE
#undef TM
#undef TN
