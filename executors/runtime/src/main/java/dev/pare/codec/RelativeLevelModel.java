package dev.pare.codec;

/**
 * What is known of each level before it is coded from those coded before it and from the levels of
 * another matrix at all places; package-info draws the contexts.
 */
final class RelativeLevelModel {
  private static final int FIFTH = Mixture.ONE / 5;
  private static final int EVEN = 1 << Logistic.PROBABILITY_BITS - 1;
  private static final int CLASSES = Quantized.CLASSES;
  private static final int MOST = CLASSES - 1;
  private static final int SIZES = 4;
  private static final int PATTERNS = 64;
  private static final int SIGNED = 2 * MOST + 1;
  private static final int NINE = 9;
  private static final int PROBABLE = EVEN + EVEN / 2;
  private static final int RARE = EVEN / 10;

  // Running shares of levels that differ, in 2^−16.
  private static final int SHARE_BITS = 16;
  private static final int SHARE_MEMORY = 5;

  private final short[] others;
  private final int size;
  private final int places;
  private final int mostNegative;
  private final int mostPositive;
  private final boolean full;

  private final Mixture significance;
  private final int lineContexts;
  private final int patternContexts;
  private final int sizeContexts;
  private final int nearContexts;
  private final int anyContexts;
  private int flips;

  private final Mixture signs;
  private final int signLine;
  private final int signOthers;
  private final int signLeft;
  private final int signOver;
  private final int signAny;

  private final RelativeMagnitudes magnitudes;

  /**
   * @param others what levels are coded relative to
   * @param lowest least level, at most 0
   * @param highest greatest level, at least 0
   * @param full whether no level is 0
   */
  RelativeLevelModel(LevelMatrix others, int lowest, int highest, boolean full) {
    this.others = others.levels();
    this.full = full;
    size = others.size();
    places = Scan.of(false, others.rows(), others.columns()).places();
    mostNegative = -lowest;
    mostPositive = highest;
    lineContexts = 2 * places;
    patternContexts = lineContexts + 2;
    sizeContexts = patternContexts + SIZES * PATTERNS;
    nearContexts = sizeContexts + CLASSES * CLASSES;
    anyContexts = nearContexts + SIZES * PATTERNS;
    significance = mixture(anyContexts + SIGNED, SIZES);
    for (int i = -MOST; i <= MOST; i++) {
      first(significance, anyContexts + MOST + i, i == 0 ? RARE : PROBABLE);
    }
    signLine = 3 * places;
    signOthers = signLine + 3;
    signLeft = signOthers + SIGNED;
    signOver = signLeft + 3 * NINE;
    signAny = signOver + 3 * NINE;
    signs = mixture(signAny + 3, 3);
    first(signs, signAny, PROBABLE);
    first(signs, signAny + 1, EVEN);
    first(signs, signAny + 2, 2 * EVEN - PROBABLE);
    magnitudes = new RelativeMagnitudes(places);
  }

  /** Contexts that start as their last one is. */
  static Mixture mixture(int contexts, int sets) {
    Mixture mixture = new Mixture(contexts, sets);
    mixture.initialize(0, contexts, Mixture.state(EVEN, 0));
    mixture.weigh(FIFTH, FIFTH, FIFTH, FIFTH, FIFTH, FIFTH);
    return mixture;
  }

  static void first(Mixture mixture, int context, int probability) {
    mixture.initialize(context, context + 1, Mixture.state(probability, 1));
  }

  /** Codes all levels: writes those given, or puts there what it reads. */
  void code(BinaryCoder coder, short[] levels) {
    for (int start = 0; start < size; start += places) {
      significance.initialize(lineContexts, lineContexts + 2, Mixture.state(EVEN, 0));
      signs.initialize(signLine, signLine + 3, Mixture.state(EVEN, 0));
      magnitudes.startLine();
      int end = Math.min(size, start + places);
      for (int index = start; index < end; index++) {
        int place = index - start;
        int other = others[index];
        int level = levels[index];
        boolean nonzero = full || codeSignificance(coder, level, levels, index, place, end) == 1;
        if (!nonzero) {
          level = 0;
        } else {
          boolean negative =
              mostPositive == 0
                  || mostNegative > 0 && codeSign(coder, level, levels, index, place) == 1;
          int most = negative ? mostNegative : mostPositive;
          int expected = negative ? Math.max(0, -other) : Math.max(0, other);
          int magnitude =
              magnitudes.code(coder, Math.abs(level), negative ? 1 : 0, most, expected, place);
          level = negative ? -magnitude : magnitude;
        }
        levels[index] = (short) level;
        boolean flip = level == 0 != (other == 0);
        flips += (flip ? (1 << SHARE_BITS) - flips : -flips) >> SHARE_MEMORY;
      }
    }
  }

  private int codeSignificance(
      BinaryCoder coder, int level, short[] levels, int index, int place, int end) {
    int other = others[index];
    int around =
        both(levels, index - 1, place > 0)
            | both(levels, index - 2, place > 1) << 2
            | both(levels, index - places, index >= places) << 4;
    int beside =
        both(levels, index - places + 1, index >= places && index + 1 < end)
            | (index + 1 < end ? nonzero(others, index + 1) << 2 : 0)
            | (index + 2 < end ? nonzero(others, index + 2) << 3 : 0)
            | (place > 0 ? nonzero(levels, index - 1) << 4 : 0)
            | (index >= places ? nonzero(levels, index - places) << 5 : 0);
    int kind = Math.min(SIZES - 1, Math.abs(other));
    int is = other == 0 ? 0 : 1;
    return significance.code(
        coder,
        level == 0 ? 0 : 1,
        kind,
        2 * place + is,
        lineContexts + is,
        patternContexts + PATTERNS * kind + around,
        sizeContexts + CLASSES * Math.min(MOST, Math.abs(other)) + share(flips),
        nearContexts + PATTERNS * kind + beside,
        anyContexts + MOST + Math.max(-MOST, Math.min(MOST, other)));
  }

  private int codeSign(BinaryCoder coder, int level, short[] levels, int index, int place) {
    int other = others[index];
    int sign = Quantized.sign(other);
    return signs.code(
        coder,
        level < 0 ? 1 : 0,
        sign,
        3 * place + sign,
        signLine + sign,
        signOthers + MOST + Math.max(-MOST, Math.min(MOST, other)),
        signLeft + NINE * sign + bothSigns(levels, index - 1, place > 0),
        signOver + NINE * sign + bothSigns(levels, index - places, index >= places),
        signAny + sign);
  }

  /** Whether there is a level that is not 0, here and in the other matrix. */
  private int both(short[] levels, int index, boolean there) {
    return there ? nonzero(levels, index) | nonzero(others, index) << 1 : 0;
  }

  private int bothSigns(short[] levels, int index, boolean there) {
    return there ? Quantized.sign(levels[index]) + 3 * Quantized.sign(others[index]) : 4;
  }

  private static int nonzero(short[] levels, int index) {
    return levels[index] == 0 ? 0 : 1;
  }

  /** The class of a share: one for each halving. */
  static int share(int share) {
    return Math.min(MOST, Integer.SIZE - Integer.numberOfLeadingZeros(share));
  }
}
