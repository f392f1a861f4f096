package dev.pare.codec;

/**
 * What a code says before its levels; package-info draws the bits.
 *
 * @param densityClass 0: all levels are 0; {@value #FULL}: none is; else about how many are not
 * @param transposed whether levels come column by column
 * @param drifting whether values are expected by where they began
 * @param stride distance along a line at which levels are alike, 2 to 255, or 0 for none
 * @param lowest least level, at most 0
 * @param highest greatest level, at least 0
 */
record CodeParameters(
    int densityClass, boolean transposed, boolean drifting, int stride, int lowest, int highest) {
  /** The greatest stride. */
  static final int MOST_STRIDE = 255;

  private static final int FULL = 31;
  private static final int TRANSPOSED = 1 << 5;
  private static final int STRIDED = 1 << 6;
  private static final int DRIFTING = 1 << 7;
  private static final int DENSITY_STEP = 96;
  private static final int EVEN_CLASS = 22;
  private static final int LEVEL_BITS = 9;

  static CodeParameters of(LevelMatrix levels, boolean transposed, int stride) {
    return new CodeParameters(
        densityClass(levels),
        transposed,
        false,
        stride,
        Math.min(0, levels.lowest()),
        Math.max(0, levels.highest()));
  }

  /** The same for levels whose values are expected by where they began. */
  CodeParameters withDrift() {
    return new CodeParameters(densityClass, transposed, true, stride, lowest, highest);
  }

  /** The same choices for other levels. */
  CodeParameters of(LevelMatrix levels) {
    CodeParameters same = of(levels, transposed, stride);
    return drifting ? same.withDrift() : same;
  }

  /** Whether all levels are 0. */
  boolean empty() {
    return densityClass == 0;
  }

  /** Whether no level is 0. */
  boolean full() {
    return densityClass == FULL;
  }

  /** The same for levels of which some may be 0. */
  CodeParameters withZeros() {
    return full()
        ? new CodeParameters(FULL - 1, transposed, drifting, stride, lowest, highest)
        : this;
  }

  /** About which share of the levels is not 0, in 2^−16. */
  int density() {
    return density(densityClass);
  }

  /** A coder that has written these. */
  BinaryCoder write() {
    int flags =
        densityClass
            | (transposed ? TRANSPOSED : 0)
            | (stride > 0 ? STRIDED : 0)
            | (drifting ? DRIFTING : 0);
    byte[] head = stride > 0 ? new byte[] {(byte) flags, (byte) stride} : new byte[] {(byte) flags};
    BinaryCoder coder = BinaryCoder.writing(head);
    codeNumber(coder, -lowest);
    codeNumber(coder, highest);
    return coder;
  }

  /**
   * The parameters with which a code begins.
   *
   * @param code of a matrix that has nonzeros
   * @param started whether it is known where the values began
   * @throws MalformedCodeException if it begins with none
   */
  static Start read(byte[] code, int rows, boolean started) {
    int flags = code[0] & 0xFF;
    boolean transposed = (flags & TRANSPOSED) != 0;
    boolean strided = (flags & STRIDED) != 0;
    int densityClass = flags & FULL;
    boolean drifting = (flags & DRIFTING) != 0;
    if (drifting && !started || transposed && !Scan.mayTranspose(rows)) {
      throw new MalformedCodeException(0, "impossible parameters " + flags);
    }
    int stride = 0;
    if (strided) {
      stride = code.length > 1 ? code[1] & 0xFF : 0;
      if (stride < 2) {
        throw new MalformedCodeException(Math.min(1, code.length), "stride " + stride);
      }
    }
    BinaryCoder coder = BinaryCoder.reading(code, strided ? 2 : 1);
    int negative = codeNumber(coder, 0);
    int positive = codeNumber(coder, 0);
    if (densityClass == 0
        || Math.max(negative, positive) > LevelMatrix.MAX_MAGNITUDE
        || negative + positive == 0) {
      throw new MalformedCodeException(
          0, "levels from −" + negative + " to " + positive + " of density " + densityClass);
    }
    return new Start(
        new CodeParameters(densityClass, transposed, drifting, stride, -negative, positive), coder);
  }

  /** Parameters, and the coder that has read them. */
  record Start(CodeParameters parameters, BinaryCoder coder) {}

  private static int codeNumber(BinaryCoder coder, int number) {
    int length = Integer.SIZE - Integer.numberOfLeadingZeros(number);
    length = coder.codeEvenly(length, 4);
    if (length > LEVEL_BITS) {
      throw new MalformedCodeException(0, "a level of " + length + " bits");
    }
    if (length < 2) {
      return length;
    }
    int top = 1 << length - 1;
    return top | coder.codeEvenly(number & top - 1, length - 1);
  }

  private static int densityClass(LevelMatrix levels) {
    if (levels.nonzeros() == 0) {
      return 0;
    }
    if (levels.nonzeros() == levels.size()) {
      return FULL;
    }
    long share = ((long) levels.nonzeros() << Logistic.PROBABILITY_BITS) / levels.size();
    int nearest = 1;
    while (nearest < FULL - 1 && density(nearest) + density(nearest + 1) < 2 * share) {
      nearest++;
    }
    return nearest;
  }

  private static int density(int densityClass) {
    return Logistic.squash((densityClass - EVEN_CLASS) * DENSITY_STEP);
  }
}
