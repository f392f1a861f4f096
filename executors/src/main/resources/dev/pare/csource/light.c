#include "matrix.c"

/*
 * A light arithmetic code, which the exporter's LightCode specifies: levels, the small signed
 * numbers that stand for weights, line by line, in bits whose probabilities follow from the levels
 * before them. It is decoded as it is multiplied, in integers of 32 bits.
 */
struct code {
  const uint8_t *bytes;
  int32_t length;
  int32_t lines;
  int32_t places;     /* of a line */
  int32_t negatives;  /* the least level is minus this */
  int32_t positives;  /* the greatest level */
  uint16_t density;   /* the share of levels that are not 0, in 1/65536 */
  uint8_t full;       /* whether none is 0 */
  uint8_t transposed; /* whether lines are columns */
};

/* Contexts of significance, two kinds, of signs, and of magnitudes: exponents, two bits below. */
enum {
  BY_LINE = 66,
  SIGNS = BY_LINE + 264,
  EXPONENTS = SIGNS + 9,
  SECONDS = EXPONENTS + 45,
  THIRDS = SECONDS + 15,
  CONTEXTS = THIRDS + 30
};

static struct {
  const struct code *of;
  uint32_t range;
  uint32_t offset;
  int32_t position;
  int32_t line;
  int32_t place;
  int32_t left;       /* whether the level before is not 0, and the one before that */
  int32_t left_left;
  int32_t last_sign;  /* in this line: 0 none, 1 positive, 2 negative */
  int32_t last_class; /* of the last magnitude in this line */
  int32_t haste;      /* of the densities of places */
  uint32_t density;   /* of this line */
} coder;

/* Of each context the probability of a 1 in 22 bits, and in 10 how often it was met, up to 6. */
static uint32_t states[CONTEXTS];
static uint16_t densities[PLACES];
static uint8_t marks[PLACES]; /* last sign at the place; 4 if the level there is not 0 */

static uint32_t next_byte(void) {
  return coder.position < coder.of->length ? coder.of->bytes[coder.position++] : 0u;
}

/* Decodes a bit that is 1 with a probability in 1/4096. */
static uint32_t decode_bit(uint32_t probability) {
  uint32_t ones = (coder.range >> 12) * probability;
  uint32_t bit = coder.offset < ones;
  if (bit) {
    coder.range = ones;
  } else {
    coder.offset -= ones;
    coder.range -= ones;
  }
  while (coder.range < (uint32_t)1 << 24) {
    coder.range <<= 8;
    coder.offset = coder.offset << 8 | next_byte();
  }
  return bit;
}

static uint32_t within(uint32_t probability) {
  return probability < 1 ? 1 : probability > 4095 ? 4095 : probability;
}

static void learn(uint32_t *state, uint32_t bit) {
  uint32_t count = *state & 1023u;
  uint32_t known = *state >> 10;
  uint32_t moved = (bit ? ((uint32_t)1 << 22) - 1 - known : known) >> (count + 1);
  *state = (bit ? known + moved : known - moved) << 10 | (count < 6 ? count + 1 : 6);
}

static uint32_t decode_by(int32_t context) {
  uint32_t *state = states + context;
  uint32_t bit = decode_bit(within(*state >> 20));
  learn(state, bit);
  return bit;
}

/* Decodes a bit by the mean of two contexts. */
static uint32_t decode_by_both(int32_t one, int32_t other) {
  uint32_t bit = decode_bit(within(((states[one] >> 11) + (states[other] >> 11)) >> 10));
  learn(states + one, bit);
  learn(states + other, bit);
  return bit;
}

/* The class of a density in 1/65536: two for each power of 2. */
static int32_t density_class(uint32_t density) {
  uint32_t left = density >> 6;
  int32_t length = 0;
  if (left >= 32) {
    length = 5;
    left >>= 5;
  }
  if (left >= 4) {
    length += 2;
    left >>= 2;
  }
  while (left >= 2) {
    length++;
    left >>= 1;
  }
  length += (int32_t)left;
  return length < 2 ? 2 * length : 2 * length + (int32_t)(density >> (length + 4) & 1u);
}

/* What is met first is taken for the middle of its class. */
static uint32_t first_state(int32_t found) {
  uint32_t length = (uint32_t)found >> 1;
  uint32_t width = length < 2 ? 1 : (uint32_t)1 << (length - 2);
  uint32_t least = length < 2 ? length : (2u | ((uint32_t)found & 1u)) * width;
  return (2 * least + width) << 21 | 3u;
}

static uint32_t moved(uint32_t density, uint32_t bit, int32_t haste) {
  return bit ? density + ((65535u - density) >> haste) : density - (density >> haste);
}

static void begin_line(void) {
  coder.place = 0;
  coder.left = 0;
  coder.left_left = 0;
  coder.last_sign = 0;
  coder.last_class = 0;
  coder.density = coder.of->density;
  coder.haste = 1;
  while (coder.haste < 5 && (coder.line + 2) >> coder.haste > 0) {
    coder.haste++;
  }
}

static void begin(const struct code *code) {
  int32_t i;
  coder.of = code;
  coder.range = UINT32_MAX;
  coder.offset = 0;
  coder.position = 0;
  for (i = 0; i < 4; i++) {
    coder.offset = coder.offset << 8 | next_byte();
  }
  for (i = 0; i < BY_LINE; i++) {
    states[i] = first_state(i / 3);
  }
  for (; i < SIGNS; i++) {
    states[i] = first_state((i - BY_LINE) / 11 % 6 * 4 + 1);
  }
  for (; i < CONTEXTS; i++) {
    states[i] = (uint32_t)1 << 31;
  }
  for (i = 0; i < code->places; i++) {
    densities[i] = code->density;
    marks[i] = 0;
  }
  coder.line = 0;
  begin_line();
}

/* Whether the next level is not 0. */
static uint32_t decode_significance(void) {
  int32_t place = coder.place;
  int32_t before = place > 0 ? place - 1 : place;
  int32_t behind = place + 1 < coder.of->places ? place + 1 : place;
  uint32_t own = densities[place];
  int32_t near = density_class((2 * own + densities[before] + densities[behind]) >> 2);
  int32_t over = marks[place] >> 2;
  uint32_t bit =
      decode_by_both(3 * near + coder.left + coder.left_left,
                     BY_LINE + ((2 * coder.left + over) * 6 + near / 4) * 11 +
                         density_class(coder.density) / 2);
  densities[place] = (uint16_t)moved(own, bit, coder.haste);
  coder.density = moved(coder.density, bit, 5);
  coder.left_left = coder.left;
  coder.left = (int32_t)bit;
  return bit;
}

/* The exponent in unary, then the bits below the leading one; nothing that cannot be. */
static int32_t decode_magnitude(int32_t most) {
  int32_t exponent = 0;
  int32_t value = 1;
  int32_t i;
  while (most >> (exponent + 1) > 0 &&
         decode_by(EXPONENTS + 3 * exponent + coder.last_class)) {
    exponent++;
  }
  for (i = exponent - 1; i >= 0; i--) {
    uint32_t bit = 0;
    if ((2 * value + 1) << i <= most) {
      if (i == exponent - 1) {
        bit = decode_by(SECONDS + exponent);
      } else if (i == exponent - 2) {
        bit = decode_by(THIRDS + 2 * exponent + (value & 1));
      } else {
        bit = decode_bit(2048);
      }
    }
    value = 2 * value + (int32_t)bit;
  }
  coder.last_class = exponent < 2 ? exponent : 2;
  return value;
}

/* A level that is not 0. */
static int32_t decode_level(uint8_t *mark) {
  const struct code *code = coder.of;
  int32_t negative = code->positives == 0;
  int32_t magnitude;
  if (code->positives > 0 && code->negatives > 0) {
    negative = (int32_t)decode_by(SIGNS + 3 * (*mark & 3) + coder.last_sign);
    coder.last_sign = 1 + negative;
  }
  *mark = (uint8_t)(4 + coder.last_sign);
  magnitude = decode_magnitude(negative ? code->negatives : code->positives);
  return negative ? -magnitude : magnitude;
}

/* Goes to the next level that is not 0; the number of its value, or -1 if there is none. */
static int32_t decode(struct cursor *c) {
  const struct code *code = coder.of;
  for (;;) {
    uint8_t *mark;
    int32_t level;
    if (coder.place == code->places) {
      coder.line++;
      begin_line();
    }
    if (coder.line >= code->lines) {
      return -1;
    }
    mark = marks + coder.place;
    if (!code->full && !decode_significance()) {
      *mark &= 3;
      coder.place++;
      continue;
    }
    level = decode_level(mark);
    c->row = code->transposed ? coder.place : coder.line;
    c->place = code->transposed ? coder.line : coder.place;
    coder.place++;
    if (c->of->width == OWN) {
      return c->entry;
    }
    return level < 0 ? code->negatives + level : code->negatives + level - 1;
  }
}
