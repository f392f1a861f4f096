package dev.pare.codec;

/** Numbers in few classes, to choose contexts by. */
final class Quantized {
  /** Classes of sizes and of logits. */
  static final int CLASSES = 16;

  /** Classes of signed sums. */
  static final int SIGNED_CLASSES = 15;

  private static final int MOST_SIZE = 8 * LevelMatrix.MAX_MAGNITUDE;
  private static final byte[] SIZE = new byte[MOST_SIZE + 1];
  private static final int LOGIT_OFFSET = 2047;
  private static final int LOGIT_STEP = 160;

  static {
    for (int size = 0; size < SIZE.length; size++) {
      int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(size);
      SIZE[size] =
          (byte) (size < 4 ? size : Math.min(CLASSES - 1, 2 * log + (size >> log - 1 & 1)));
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

  /** The class of a logit. */
  static int logit(int logit) {
    return Math.max(0, Math.min(CLASSES - 1, (logit + LOGIT_OFFSET) / LOGIT_STEP));
  }

  /** The sign of a level among three. */
  static int sign(int level) {
    return 1 + Integer.signum(level);
  }
}
