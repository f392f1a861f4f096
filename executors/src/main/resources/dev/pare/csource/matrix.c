#ifdef CODED
struct code;
#endif

/* A matrix, row by row. */
struct weights {
  int32_t columns;
  int32_t entries;      /* how many there are; all others are zero */
  const uint8_t *bits;  /* of each entry its gap and its code */
  const float *values;  /* what codes stand for, or one for each entry */
  uint8_t rice;         /* low bits of a gap; EVERY where nothing is left out */
  uint8_t width;        /* bits of a code; OWN where each entry has a value of its own */
#ifdef LEVELS
  const int8_t *levels; /* in place of values, if there are such: multiples of a step */
  float step;
#endif
#ifdef SCALES
  const float *scales;  /* of each row those of its groups of columns */
  int32_t group;
#endif
#ifdef WORDS
  int32_t dimension;    /* numbers that a code stands for, side by side; 0 for one */
  int32_t numbers;      /* of a row */
#endif
#ifdef CODED
  const struct code *code;  /* in place of gaps and codes, if there is one */
#endif
};

enum { EVERY = 255, OWN = 255 };

/* The entry of a matrix that was read last. */
struct cursor {
  const struct weights *of;
  int32_t entry;
  int32_t row;
  int32_t column;
  float value;
  int32_t place;  /* among the codes of a row */
  uint32_t bit;
#ifdef WORDS
  int32_t left;
  const float *number;
#endif
};
