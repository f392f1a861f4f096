#include "window.c"

/* The first window whose k-th place is inside the side. */
static int32_t first_window(const struct window *w, int32_t k) {
  int32_t missing = w->before - k * w->dilation;
  return missing <= 0 ? 0 : (missing - 1) / w->stride + 1;
}

/* After the last such window. */
static int32_t last_window(const struct window *w, int32_t k) {
  int32_t room = w->side - 1 + w->before - k * w->dilation;
  int32_t count = room < 0 ? 0 : room / w->stride + 1;
  return count < w->windows ? count : w->windows;
}
