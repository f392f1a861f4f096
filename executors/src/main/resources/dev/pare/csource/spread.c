/* Where the number at a place is in a tensor some of whose sides are 1: those repeat. */
static int32_t spread(const int32_t shape[3], int32_t c, int32_t i, int32_t j) {
  return ((shape[0] == 1 ? 0 : c) * shape[1] + (shape[1] == 1 ? 0 : i)) * shape[2] +
         (shape[2] == 1 ? 0 : j);
}
