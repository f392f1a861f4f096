/* How windows lie along one side. */
struct window {
  int32_t kernel;
  int32_t stride;
  int32_t dilation;
  int32_t before;
  int32_t windows;  /* how many there are */
  int32_t side;     /* on which they lie */
};
