package dev.pare.codec;

/** Numbers in few classes, to choose contexts by. */
final class Quantized {
  /** Classes of sizes and of logits. */
  static final int CLASSES = 16;

  /** Classes of signed sums. */
  static final int SIGNED_CLASSES = 15;

  /** Classes of the sizes of starts and of expected values, in steps of 1/8 deviation. */
  static final int STARTS = 24;

  static final int EXPECTED = 32;

  /** Classes of expected values with their sign; the middle one is about 0. */
  static final int SIGNED_EXPECTED = 41;

  /** Classes of logits, finer. */
  static final int DENSITIES = 32;

  private static final int MOST_SIZE = 8 * LevelMatrix.MAX_MAGNITUDE;
  private static final byte[] SIZE = new byte[MOST_SIZE + 1];
  private static final int LOGIT_OFFSET = 2047;
  private static final int LOGIT_STEP = 160;
  private static final byte[] LOGIT = new byte[2 * Logistic.LIMIT + 1];
  private static final int STEP_BITS = 4;

  static {
    for (int size = 0; size < SIZE.length; size++) {
      int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(size);
      SIZE[size] =
          (byte) (size < 4 ? size : Math.min(CLASSES - 1, 2 * log + (size >> log - 1 & 1)));
    }
    for (int i = 0; i < LOGIT.length; i++) {
      int step = (i - Logistic.LIMIT + LOGIT_OFFSET) / LOGIT_STEP;
      LOGIT[i] = (byte) Math.max(0, Math.min(CLASSES - 1, step));
    }
  }

  private Quantized() {}

  /** The class of a sum of magnitudes, at most 8 of them: two for each doubling. */
  static int size(int sum) {
    return SIZE[sum];
  }

  /** The class of a signed sum of at most 8 levels; {@code SIGNED_CLASSES / 2} is none. */
  static int signed(int sum) {
    int middle = SIGNED_CLASSES / 2;
    return sum < 0 ? middle - Math.min(middle, SIZE[-sum]) : middle + Math.min(middle, SIZE[sum]);
  }

  /** The class of a logit, of a probability or a mean of some. */
  static int logit(int logit) {
    return LOGIT[logit + Logistic.LIMIT];
  }

  /** The finer class of a logit. */
  static int density(int logit) {
    return Math.max(0, Math.min(DENSITIES - 1, (logit + LOGIT_OFFSET) * 2 / LOGIT_STEP));
  }

  /** Of a pair of classes, {@code CLASSES · a + b}, that of their halves. */
  static int halved(int pair) {
    return (pair >> 5) * (CLASSES / 2) + (pair >> 1 & CLASSES / 2 - 1);
  }

  /** The class of where a value began. */
  static int start(int start) {
    return Math.min(STARTS - 1, Math.abs(start) >> STEP_BITS);
  }

  /** The class of the size of what a value is expected to be. */
  static int expected(int value) {
    return Math.min(EXPECTED - 1, Math.abs(value) >> STEP_BITS);
  }

  /** The class of what a value is expected to be, with its sign. */
  static int signedExpected(int value) {
    int middle = SIGNED_EXPECTED / 2;
    return Math.max(0, Math.min(2 * middle, middle + (value + (1 << STEP_BITS - 1) >> STEP_BITS)));
  }

  /** The sign of a level among three. */
  static int sign(int level) {
    return 1 + Integer.signum(level);
  }
}
