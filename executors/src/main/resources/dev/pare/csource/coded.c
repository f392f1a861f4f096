#include "matrix.c"

/*
 * The arithmetic code of .pare files, which dev.pare.codec specifies: levels, the small signed
 * numbers that stand for weights, line by line, in bits whose probabilities follow from the levels
 * before them. It is decoded as it is multiplied; what is kept is what was learned of it.
 */
struct code {
  const uint8_t *bytes;
  int32_t length;
  int32_t rows;
  int32_t places;     /* of a line */
  int32_t negatives;  /* the least level is minus this */
  int32_t positives;  /* the greatest level */
  int32_t stride;     /* at which levels are alike; 0 for none */
  uint8_t density;    /* class of the share of levels that are not 0; FULL if all are not */
  uint8_t transposed; /* whether lines are columns */
  uint8_t even;       /* whether signs are at even odds */
};

/* Of a bit; more than an int may hold. */
#define EVEN_ODDS INT32_C(32768)

enum {
  FULL = 31,
  CLASSES = 16,
  COUNT = 1023,
  TENTHS = 19660,
  FIFTH = 13107,
  FIRST_MEAN = 128
};

/* Of logits from 0, and of probabilities from 1/2; below both are symmetric. */
static const uint16_t squashed[2816];
static const int16_t stretched[2048];

static struct {
  const struct code *of;
  uint64_t range;
  uint64_t offset;
  int32_t position;
  int32_t line;
  int32_t place;
  int32_t pad;
  int32_t exponents;      /* of the greatest magnitude */
  uint32_t *signs;        /* contexts of signs */
  uint32_t *magnitudes;   /* contexts of magnitudes */
  int16_t *here;          /* this line, and the two before */
  int16_t *above;
  int16_t *above_that;
  int32_t last_signs;
  int32_t last_magnitude;
  int32_t line_mean;
  int32_t line_count;
} coder;

static uint32_t states[STATES];
static int32_t mixing[6 * SETS];
static int16_t haste[SETS];
static int16_t lines[3 * LINE];
static int16_t logits_of[PLACES];
static uint8_t density_of[PLACES];
static uint16_t mean_of[PLACES];
static uint8_t count_of[PLACES];

/* The logit of a probability of 32 bits. */
static int32_t stretch(uint32_t probability) {
  uint32_t p = probability >> 20;
  return p < 2048u ? -stretched[2047u - p] : stretched[p - 2048u];
}

/* The probability of a logit, in 1 / 65536. */
static int32_t squash(int64_t logit) {
  int64_t size = logit < 0 ? -logit : logit;
  int32_t p = squashed[size < 2815 ? size : 2815];
  return logit < 0 ? 65536 - p : p;
}

static int32_t decode_bit(int32_t probability) {
  uint64_t ones = (coder.range >> 16) * (uint64_t)(uint32_t)probability;
  int32_t bit = coder.offset < ones;
  if (bit) {
    coder.range = ones;
  } else {
    coder.offset -= ones;
    coder.range -= ones;
  }
  while (coder.range < (uint64_t)1 << 32) {
    uint32_t next_byte = 0;
    if (coder.position < coder.of->length) {
      next_byte = coder.of->bytes[coder.position++];
    }
    coder.offset = coder.offset << 8 | next_byte;
    coder.range <<= 8;
  }
  return bit;
}

/* Decodes a bit by six contexts, and learns it. */
static int32_t decode_mixed(uint32_t *of, int32_t set, const int32_t contexts[6]) {
  int32_t *weights = mixing + 6 * set;
  uint32_t known[6];
  int32_t logit[6];
  int64_t dot = 0;
  int32_t probability;
  int32_t bit;
  int32_t step;
  int32_t i;
  for (i = 5; i >= 0; i--) {
    uint32_t state = of[contexts[i]];
    /* What has met nothing yet starts from the last. */
    known[i] = i < 5 && (state & COUNT) == 0 ? (known[5] & ~(uint32_t)COUNT) | 3u : state;
    logit[i] = stretch(known[i]);
    dot += (int64_t)weights[i] * logit[i];
  }
  probability = squash(dot >> 16);
  bit = decode_bit(probability);
  step = bit * 65536 - probability;
  step = step * (8 + (haste[set] >> 7)) >> 6;
  if (haste[set] > 0) {
    haste[set]--;
  }
  for (i = 0; i < 6; i++) {
    int32_t count = (int32_t)(known[i] & COUNT);
    int64_t moved = (int64_t)bit * ((int64_t)1 << 22) - (int64_t)(known[i] >> 10);
    weights[i] += (logit[i] * step + (1 << 13)) >> 14;
    moved = moved * (8192 / (2 * count + 3)) >> 12;
    of[contexts[i]] = known[i] + ((uint32_t)moved << 10) + (count < COUNT - 1 ? 1u : 0u);
  }
  return bit;
}

static int32_t size_class(int32_t size) {
  int32_t log = 0;
  int32_t found;
  if (size < 4) {
    return size;
  }
  while (size >> (log + 1) > 0) {
    log++;
  }
  found = 2 * log + (size >> (log - 1) & 1);
  return found < CLASSES ? found : CLASSES - 1;
}

static int32_t signed_class(int32_t sum) {
  int32_t size = size_class(sum < 0 ? -sum : sum);
  size = size < 7 ? size : 7;
  return sum < 0 ? 7 - size : 7 + size;
}

static int32_t logit_class(int32_t logit) {
  int32_t found = (logit + 2047) / 160;
  return found < 0 ? 0 : found < CLASSES ? found : CLASSES - 1;
}

static int32_t size_of(int32_t level) {
  return level < 0 ? -level : level;
}

static int32_t at_most(int32_t value, int32_t most) {
  return value < most ? value : most;
}

static uint32_t first_state(void) {
  return (uint32_t)squash((coder.of->density - 22) * 96) << 16 | 4u;
}

static void begin_line(void) {
  int32_t places = coder.of->places;
  int32_t stride = coder.of->stride;
  int32_t place;
  states[places] = first_state();
  coder.signs[places] = (uint32_t)EVEN_ODDS << 16 | 1u;
  coder.last_signs = 0;
  coder.last_magnitude = 0;
  coder.line_mean = FIRST_MEAN;
  coder.line_count = 0;
  coder.place = 0;
  for (place = 0; place < places; place++) {
    logits_of[place] = (int16_t)stretch(states[place]);
  }
  for (place = 0; place < places; place++) {
    int32_t sum = logits_of[place > 0 ? place - 1 : 0];
    sum += logits_of[place < places - 1 ? place + 1 : places - 1];
    if (stride == 0) {
      sum *= 2;
    } else {
      sum += logits_of[place < stride ? place : place - stride];
      sum += logits_of[place + stride < places ? place + stride : place];
    }
    density_of[place] = (uint8_t)logit_class(sum / 4);
  }
}

/* Skips a number of the code's beginning, which is known. */
static void skip_number(void) {
  int32_t length = 0;
  int32_t i;
  for (i = 0; i < 4; i++) {
    length = 2 * length + decode_bit(EVEN_ODDS);
  }
  for (i = 1; i < length; i++) {
    decode_bit(EVEN_ODDS);
  }
}

static void mix_evenly(int32_t set, int32_t weight, int32_t last) {
  int32_t i;
  for (i = 0; i < 6; i++) {
    mixing[6 * set + i] = i < 5 ? weight : last;
  }
}

static void begin(const struct code *code) {
  int32_t most = code->negatives > code->positives ? code->negatives : code->positives;
  int32_t places = code->places;
  int32_t sign_contexts = places + 1 + 81 + 4 + 256 + 144;
  int32_t i;
  coder.of = code;
  coder.range = ((uint64_t)1 << 40) - 1;
  coder.offset = 0;
  coder.position = code->stride > 0 ? 2 : 1;
  for (i = 0; i < 5; i++) {
    uint32_t next_byte = coder.position < code->length ? code->bytes[coder.position++] : 0u;
    coder.offset = coder.offset << 8 | next_byte;
  }
  skip_number();
  skip_number();
  coder.exponents = 0;
  while (most >> (coder.exponents + 1) > 0) {
    coder.exponents++;
  }
  coder.signs = states + places + 770;
  coder.magnitudes = coder.signs + sign_contexts;
  for (i = 0; i < places + 770; i++) {
    states[i] = first_state();
  }
  for (i = 0; i < sign_contexts; i++) {
    coder.signs[i] = (uint32_t)EVEN_ODDS << 16 | 1u;
  }
  for (i = places + 770 + sign_contexts; i < STATES; i++) {
    states[i] = (uint32_t)EVEN_ODDS << 16;
  }
  for (i = 0; i < SETS; i++) {
    haste[i] = 1 << 12;
    mix_evenly(i, TENTHS, -TENTHS);
  }
  mix_evenly(0, FIFTH, 1);
  mix_evenly(1, FIFTH, FIFTH);
  coder.pad = code->stride > 1 ? 2 * code->stride : 2;
  for (i = 0; i < 3 * LINE; i++) {
    lines[i] = 0;
  }
  coder.here = lines;
  coder.above = lines + LINE;
  coder.above_that = lines + 2 * LINE;
  for (i = 0; i < places; i++) {
    mean_of[i] = FIRST_MEAN;
    count_of[i] = 0;
  }
  coder.line = 0;
  begin_line();
}

static int32_t leaning(int32_t context) {
  int32_t logit = stretch(coder.signs[context]);
  return logit > 200 ? 2 : logit < -200 ? 0 : 1;
}

/* A decision that a magnitude is made of. */
static int32_t decode_node(int32_t negative, int32_t node, const int32_t classes[5]) {
  int32_t exponents = coder.exponents;
  int32_t nodes = exponents > 4 ? 80 : exponents + (2 << exponents) - 2;
  int32_t contexts[6];
  int32_t i;
  if (exponents <= 4) {
    /* Only those that the greatest magnitude has. */
    node = node < 16 ? node : node - 18 + exponents;
  }
  node += negative * nodes;
  for (i = 0; i < 5; i++) {
    contexts[i] = node * 81 + i * CLASSES + classes[i];
  }
  contexts[5] = node * 81 + 80;
  return decode_mixed(coder.magnitudes, 2 + node, contexts);
}

/* The exponent in unary, then the bits below the leading one; nothing that cannot be. */
static int32_t decode_magnitude(int32_t negative, const int32_t classes[5]) {
  int32_t most = negative ? coder.of->negatives : coder.of->positives;
  int32_t exponent = 0;
  int32_t value = 1;
  int32_t i;
  while (most >> (exponent + 1) > 0 && decode_node(negative, exponent, classes)) {
    exponent++;
  }
  for (i = exponent - 1; i >= 0; i--) {
    int32_t bit = 0;
    if ((2 * value + 1) << i <= most) {
      int32_t node =
          exponent <= 4 ? 15 + (1 << exponent) + value : 48 + 8 * (exponent - 5) + i;
      bit = decode_node(negative, node, classes);
    }
    value = 2 * value + bit;
  }
  return value;
}

/* The level at the next place. */
static int32_t decode_level(void) {
  const struct code *code = coder.of;
  int32_t places = code->places;
  int32_t place = coder.place;
  int32_t at = coder.pad + place;
  int32_t stride = code->stride;
  const int16_t *here = coder.here + at;
  const int16_t *up = coder.above + at;
  int32_t left = here[-1];
  int32_t left_left = here[-2];
  int32_t back = stride > 0 ? here[-stride] : 0;
  int32_t back_left = stride > 0 ? here[-stride - 1] : 0;
  int32_t back_right = stride > 0 ? here[-stride + 1] : 0;
  int32_t back_back = stride > 0 ? here[-2 * stride] : 0;
  int32_t near_size =
      size_class(2 * (size_of(left) + size_of(back)) + size_of(left_left) + size_of(back_left) +
                 size_of(back_right) + size_of(back_back));
  int32_t contexts[6];
  int32_t classes[5];
  int32_t negative;
  int32_t magnitude;
  int32_t scaled;
  if (code->density != FULL) {
    contexts[0] = place;
    contexts[1] = places;
    contexts[2] = places + 1 + CLASSES * logit_class(logits_of[place]) +
                  logit_class(stretch(states[places]));
    contexts[3] = places + 257 + CLASSES * near_size + density_of[place];
    contexts[4] = places + 513 + at_most(size_of(left), 3) + 4 * at_most(size_of(back), 3) +
                  16 * at_most(size_of(up[0]), 3) + 64 * at_most(size_of(back_left), 1) +
                  128 * at_most(size_of(back_right), 1);
    contexts[5] = places + 769;
    if (!decode_mixed(states, 0, contexts)) {
      return 0;
    }
  }
  if (code->positives == 0 || code->negatives == 0) {
    negative = code->positives == 0;
  } else if (code->even) {
    negative = decode_bit(EVEN_ODDS);
  } else {
    int32_t line_sum =
        signed_class(2 * (left + back) + left_left + back_left + back_right + back_back);
    int32_t above_sum = signed_class(2 * up[0] + up[-1] + up[1] + coder.above_that[at]);
    contexts[0] = place;
    contexts[1] = places;
    contexts[2] = places + 41 + (left > 0) - (left < 0) + 3 * ((back > 0) - (back < 0)) +
                  9 * ((up[0] > 0) - (up[0] < 0)) + 27 * ((left_left > 0) - (left_left < 0));
    contexts[3] = places + 82 + coder.last_signs;
    contexts[4] = places + 86 + CLASSES * line_sum + above_sum;
    contexts[5] = places + 342 + 9 * line_sum + leaning(place) + 3 * leaning(places);
    negative = decode_mixed(coder.signs, 1, contexts);
    coder.last_signs = (2 * coder.last_signs + negative) & 3;
  }
  classes[0] = at_most(coder.last_magnitude, CLASSES - 1);
  classes[1] = size_class(mean_of[place] >> 4);
  classes[2] = size_class(coder.line_mean >> 4);
  classes[3] = near_size;
  classes[4] = density_of[place];
  magnitude = decode_magnitude(negative, classes);
  scaled = magnitude * 64;
  mean_of[place] =
      (uint16_t)(mean_of[place] + (scaled - mean_of[place]) / at_most(8, 2 + count_of[place]));
  count_of[place] = (uint8_t)at_most(count_of[place] + 1, 6);
  coder.line_mean += (scaled - coder.line_mean) / at_most(12, 2 + coder.line_count);
  coder.line_count++;
  coder.last_magnitude = magnitude;
  return negative ? -magnitude : magnitude;
}

/* Goes to the next level that is not 0; the number of its value, or -1 if there is none. */
static int32_t decode(struct cursor *c) {
  const struct code *code = coder.of;
  int32_t columns = c->of->columns;
  int32_t size = code->rows * columns;
  int32_t level = 0;
  while (level == 0) {
    int32_t index;
    if (coder.place == code->places) {
      int16_t *free = coder.above_that;
      coder.above_that = coder.above;
      coder.above = coder.here;
      coder.here = free;
      coder.line++;
      begin_line();
    }
    if (coder.line * code->places + coder.place >= size) {
      return -1;
    }
    index = code->transposed ? coder.line + coder.place * columns
                             : coder.line * code->places + coder.place;
    level = decode_level();
    coder.here[coder.pad + coder.place] = (int16_t)level;
    coder.place++;
    c->row = index / columns;
    c->place = index % columns;
  }
  if (c->of->width == OWN) {
    return c->entry;
  }
  return level < 0 ? code->negatives + level : code->negatives + level - 1;
}
