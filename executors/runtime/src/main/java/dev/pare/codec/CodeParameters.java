package dev.pare.codec;

import java.util.List;

/**
 * What a code says before its levels; package-info draws the bits.
 *
 * @param densityClass 0: all levels are 0; {@value #FULL}: none is; else about how many are not
 * @param transposed whether levels come column by column
 * @param drifting whether values are expected by where they began
 * @param evenSigns whether signs are coded as coin flips, since no context tells them
 * @param stride distance along a line at which levels are alike, 2 to 255, or 0 for none
 * @param lowest least level, at most 0
 * @param highest greatest level, at least 0
 */
public record CodeParameters(
    int densityClass,
    boolean transposed,
    boolean drifting,
    boolean evenSigns,
    int stride,
    int lowest,
    int highest) {
  /** The greatest stride. */
  static final int MOST_STRIDE = 255;

  /** The greatest number of a mode. */
  static final int MOST_MODE = 7;

  private static final int FULL = 31;
  private static final int CLASS_BITS = 5;
  private static final int DENSITY_STEP = 96;
  private static final int EVEN_CLASS = 22;
  private static final int LEVEL_BITS = 9;
  // By the number that stands for them.
  private static final List<Mode> MODES =
      List.of(
          new Mode(false, false, false, false),
          new Mode(true, false, false, false),
          new Mode(false, true, false, false),
          new Mode(false, false, false, true),
          new Mode(false, false, true, false),
          new Mode(true, false, false, true),
          new Mode(false, true, true, false),
          new Mode(false, true, false, true));

  /** What goes together: lines are columns, there is a stride, values are expected, even signs. */
  private record Mode(boolean transposed, boolean strided, boolean drifting, boolean evenSigns) {}

  public CodeParameters {
    if (!MODES.contains(new Mode(transposed, stride > 0, drifting, evenSigns))) {
      throw new IllegalArgumentException("parameters that no code has");
    }
  }

  static CodeParameters of(LevelMatrix levels, boolean transposed, int stride) {
    return new CodeParameters(
        densityClass(levels),
        transposed,
        false,
        false,
        stride,
        Math.min(0, levels.lowest()),
        Math.max(0, levels.highest()));
  }

  /**
   * Those of a code of these levels that begins with that head.
   *
   * @param started whether it is known where the values began
   * @throws IllegalArgumentException if there is none
   */
  static CodeParameters of(LevelMatrix levels, CodeHead head, boolean started) {
    Mode mode = MODES.get(head.mode());
    boolean isStride =
        mode.strided ? head.stride() >= 2 && head.stride() <= MOST_STRIDE : head.stride() == 0;
    boolean isScan = !mode.transposed || Scan.mayTranspose(levels.rows());
    if (!isStride || !isScan || mode.drifting && !started) {
      throw new IllegalArgumentException(head + " is of no code");
    }
    CodeParameters plain = of(levels, mode.transposed, head.stride());
    return new CodeParameters(
        plain.densityClass,
        mode.transposed,
        mode.drifting,
        mode.evenSigns,
        head.stride(),
        plain.lowest,
        plain.highest);
  }

  /** The mode in a code's flags. */
  static int mode(int flags) {
    return flags >> CLASS_BITS;
  }

  /** Whether a code of that mode says a stride. */
  static boolean isStrided(int mode) {
    return MODES.get(mode).strided;
  }

  /** The same for levels whose values are expected by where they began. */
  CodeParameters withDrift() {
    return new CodeParameters(densityClass, transposed, true, evenSigns, stride, lowest, highest);
  }

  /** The same for levels whose signs no context tells. */
  CodeParameters withEvenSigns() {
    return new CodeParameters(densityClass, transposed, drifting, true, stride, lowest, highest);
  }

  /**
   * Those with which a code begins that was made without initial values.
   *
   * @param code of levels of which not all are 0
   * @param rows of their matrix
   * @throws MalformedCodeException if it begins with none
   */
  public static CodeParameters of(byte[] code, int rows) {
    return read(code, rows, false).parameters();
  }

  /** How many levels a line of a matrix has. */
  public int places(int rows, int columns) {
    return Scan.of(transposed, rows, columns).places();
  }

  /** Whether there are levels of either sign. */
  boolean signed() {
    return lowest < 0 && highest > 0;
  }

  /** The same choices for other levels. */
  CodeParameters of(LevelMatrix levels) {
    CodeParameters plain = of(levels, transposed, stride);
    return new CodeParameters(
        plain.densityClass, transposed, drifting, evenSigns, stride, plain.lowest, plain.highest);
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
        ? new CodeParameters(FULL - 1, transposed, drifting, evenSigns, stride, lowest, highest)
        : this;
  }

  /** About which share of the levels is not 0, in 2^−16. */
  int density() {
    return density(densityClass);
  }

  /** A coder that has written these. */
  BinaryCoder write() {
    int mode = MODES.indexOf(new Mode(transposed, stride > 0, drifting, evenSigns));
    int flags = mode << CLASS_BITS | densityClass;
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
    Mode mode = MODES.get(flags >> CLASS_BITS);
    int densityClass = flags & FULL;
    if (mode.drifting && !started || mode.transposed && !Scan.mayTranspose(rows)) {
      throw new MalformedCodeException(0, "impossible parameters " + flags);
    }
    int stride = 0;
    if (mode.strided) {
      stride = code.length > 1 ? code[1] & 0xFF : 0;
      if (stride < 2) {
        throw new MalformedCodeException(Math.min(1, code.length), "stride " + stride);
      }
    }
    BinaryCoder coder = BinaryCoder.reading(code, mode.strided ? 2 : 1);
    int negative = codeNumber(coder, 0);
    int positive = codeNumber(coder, 0);
    if (densityClass == 0
        || Math.max(negative, positive) > LevelMatrix.MAX_MAGNITUDE
        || negative + positive == 0) {
      throw new MalformedCodeException(
          0, "levels from −" + negative + " to " + positive + " of density " + densityClass);
    }
    return new Start(
        new CodeParameters(
            densityClass,
            mode.transposed,
            mode.drifting,
            mode.evenSigns,
            stride,
            -negative,
            positive),
        coder);
  }

  /** Parameters, and the coder that has read them. */
  record Start(CodeParameters parameters, BinaryCoder coder) {}

  /** Codes a number of at most 9 bits at even odds. */
  static int codeNumber(BinaryCoder coder, int number) {
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
