/* What lies in the arena: a number, or the sum of an integer layer. */
union number {
  float real;
  int32_t whole;
};
