package dev.pare.codec;

import java.util.Arrays;

/** Codes magnitudes beside those of another matrix; package-info draws the contexts. */
final class RelativeMagnitudes {
  private static final int EVEN = 1 << Logistic.PROBABILITY_BITS - 1;
  private static final int PROBABLE = EVEN + EVEN / 2;
  private static final int CLASSES = Quantized.CLASSES;
  private static final int NODES = 128;
  private static final int TREE_EXPONENT = 4;
  private static final int TREE_NODES = 16;
  private static final int LARGE_NODES = 48;
  private static final int MEAN_BITS = 6;
  private static final int FIRST_MEAN = 2 << MEAN_BITS;
  private static final int PLACE_MEMORY = 8;
  private static final int LINE_MEMORY = 12;
  private static final int MOST_DIFFERENCE = 3;
  private static final int DIFFERENCES = 2 * MOST_DIFFERENCE + 1;
  private static final int SHARE_BITS = 16;
  private static final int SHARE_MEMORY = 5;

  /** A decision that the other magnitude does not foretell, since it is 0 or has parted. */
  private static final int OPEN = 0;

  private static final int EXPECTS = 3;

  private final Mixture mixture;
  private final int placeContexts;
  private final int lineContexts;
  private final int shareContexts;
  private final int differenceContexts;
  private final int anyContexts;
  private final int[] placeMean;
  private final int[] placeCount;
  private int lineMean;
  private int lineCount;
  private int misses = 1 << SHARE_BITS - 1;
  private int difference;

  // Of the magnitude that is coded.
  private int expected;
  private int ofPlace;
  private int ofLine;

  RelativeMagnitudes(int places) {
    int nodes = 2 * NODES;
    placeContexts = nodes * CLASSES;
    lineContexts = placeContexts + nodes * CLASSES;
    shareContexts = lineContexts + nodes * CLASSES;
    differenceContexts = shareContexts + nodes * EXPECTS * CLASSES;
    anyContexts = differenceContexts + nodes * EXPECTS * DIFFERENCES;
    mixture = RelativeLevelModel.mixture(anyContexts + nodes * EXPECTS, nodes * EXPECTS);
    for (int node = 0; node < nodes; node++) {
      int any = anyContexts + EXPECTS * node;
      RelativeLevelModel.first(mixture, any, EVEN);
      RelativeLevelModel.first(mixture, any + 1, 2 * EVEN - PROBABLE);
      RelativeLevelModel.first(mixture, any + 2, PROBABLE);
    }
    placeMean = new int[places];
    placeCount = new int[places];
    Arrays.fill(placeMean, FIRST_MEAN);
    startLine();
  }

  void startLine() {
    lineMean = FIRST_MEAN;
    lineCount = 0;
  }

  /**
   * Codes a magnitude.
   *
   * @param magnitude to write; ignored when reading
   * @param most that it may be
   * @param other that of the other level, if it has the same sign; else 0
   * @return the magnitude
   */
  int code(BinaryCoder coder, int magnitude, int negative, int most, int other, int place) {
    expected = Math.min(most, other);
    ofPlace = Quantized.size(placeMean[place] >> MEAN_BITS - 2);
    ofLine = Quantized.size(lineMean >> MEAN_BITS - 2);
    int coded = codeTree(coder, magnitude, negative * NODES, most);
    int scaled = coded << MEAN_BITS;
    placeMean[place] += (scaled - placeMean[place]) / Math.min(PLACE_MEMORY, 2 + placeCount[place]);
    placeCount[place]++;
    lineMean += (scaled - lineMean) / Math.min(LINE_MEMORY, 2 + lineCount);
    lineCount++;
    if (expected > 0) {
      boolean miss = coded != expected;
      misses += (miss ? (1 << SHARE_BITS) - misses : -misses) >> SHARE_MEMORY;
      difference = Math.max(-MOST_DIFFERENCE, Math.min(MOST_DIFFERENCE, coded - expected));
    }
    return coded;
  }

  /** The exponent in unary, then the bits below the leading one; nothing that cannot be. */
  private int codeTree(BinaryCoder coder, int magnitude, int first, int most) {
    int mostExponent = log2(most);
    int given = log2(magnitude);
    int other = expected == 0 ? -1 : log2(expected);
    int exponent = 0;
    while (exponent < mostExponent) {
      int expects = other < exponent ? OPEN : other == exponent ? 1 : 2;
      if (codeNode(coder, given > exponent ? 1 : 0, first + exponent, expects) == 0) {
        break;
      }
      exponent++;
    }
    boolean together = other == exponent;
    int value = 1;
    for (int i = exponent - 1; i >= 0; i--) {
      int bit = 0;
      together &= expected >> i + 1 == value;
      if (2 * value + 1 << i <= most) {
        int node =
            exponent <= TREE_EXPONENT
                ? TREE_NODES + (1 << exponent) + value - 1
                : LARGE_NODES + Byte.SIZE * (exponent - TREE_EXPONENT - 1) + i;
        int expects = together ? 1 + (expected >> i & 1) : OPEN;
        bit = codeNode(coder, magnitude >> i & 1, first + node, expects);
      }
      value = 2 * value + bit;
    }
    return value;
  }

  private int codeNode(BinaryCoder coder, int bit, int node, int expects) {
    int at = EXPECTS * node + expects;
    return mixture.code(
        coder,
        bit,
        at,
        node * CLASSES + Math.min(CLASSES - 1, expected),
        placeContexts + node * CLASSES + ofPlace,
        lineContexts + node * CLASSES + ofLine,
        shareContexts + at * CLASSES + RelativeLevelModel.share(misses),
        differenceContexts + at * DIFFERENCES + MOST_DIFFERENCE + difference,
        anyContexts + at);
  }

  private static int log2(int value) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value);
  }
}
