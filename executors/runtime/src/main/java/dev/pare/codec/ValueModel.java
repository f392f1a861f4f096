package dev.pare.codec;

import dev.pare.codec.LevelModel.Surroundings;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Codes the signs and magnitudes of levels that are not 0; package-info draws the contexts. */
final class ValueModel {
  private static final int EVEN = 1 << Logistic.PROBABILITY_BITS - 1;
  private static final int CLASSES = Quantized.CLASSES;
  private static final int TRIPLES = 81;
  private static final int HISTORIES = 4;
  private static final int LEANINGS = 9;
  private static final int LEANING = 200;

  // The binary decisions that make up a magnitude, for either sign.
  private static final int NODES = 128;
  private static final int TREE_EXPONENT = 4;
  private static final int TREE_NODES = 16;
  private static final int LARGE_NODES = 48;

  private static final int MEAN_BITS = 6;
  private static final int FIRST_MEAN = 2 << MEAN_BITS;
  private static final int PLACE_MEMORY = 8;
  private static final int LINE_MEMORY = 12;

  private final int mostNegative;
  private final int mostPositive;
  private final boolean evenSigns;
  private long evenCost;

  private final Mixture signs;
  private final int lineSign;
  private final int triples;
  private final int histories;
  private final int sums;
  private final int leanings;
  private final int ofStarts;
  private final int ofExpected;
  private int lastSigns;

  private final @Nullable AdaptivePredictor drift;

  private final Mixture magnitudes;
  private final int[] placeMean;
  private final int[] placeCount;
  private int lineMean;
  private int lineCount;
  private int lastMagnitude;
  private final int firstClasses;
  // Contexts of a magnitude's decisions.
  private int ofFirst;
  private int ofPlace;
  private int ofLine;
  private int nearSize;
  private int density;

  /**
   * @param drift that expects the values, if any does
   */
  ValueModel(CodeParameters parameters, int places, @Nullable AdaptivePredictor drift) {
    this.drift = drift;
    mostNegative = -parameters.lowest();
    mostPositive = parameters.highest();
    evenSigns = parameters.evenSigns();
    lineSign = places;
    triples = lineSign + 1;
    histories = triples + TRIPLES;
    sums = histories + HISTORIES;
    leanings = sums + CLASSES * CLASSES;
    ofStarts = leanings + CLASSES * LEANINGS;
    ofExpected = ofStarts + (drift == null ? 0 : 2 * Quantized.STARTS);
    int signContexts = ofExpected + (drift == null ? 0 : 3 * Quantized.SIGNED_EXPECTED);
    signs = new Mixture(signContexts, 1);
    signs.initialize(0, signContexts, Mixture.state(EVEN, 1));
    int tenth = Mixture.ONE / 10;
    if (drift == null) {
      int fifth = Mixture.ONE / 5;
      signs.weigh(fifth, fifth, fifth, fifth, fifth, fifth);
    } else {
      signs.weigh(tenth / 2, tenth / 2, tenth / 2, tenth / 2, 2 * tenth, 9 * tenth);
    }
    firstClasses = drift == null ? CLASSES : Quantized.SIGNED_EXPECTED;
    int magnitudeContexts = 2 * NODES * (firstClasses + 4 * CLASSES + 1);
    magnitudes = new Mixture(magnitudeContexts, 2 * NODES);
    magnitudes.initialize(0, magnitudeContexts, Mixture.state(EVEN, 0));
    if (drift == null) {
      int weight = 3 * Mixture.ONE / 10;
      magnitudes.weigh(weight, weight, weight, weight, weight, -weight);
    } else {
      int weight = 3 * tenth / 2;
      magnitudes.weigh(6 * tenth, weight, weight, weight, weight, -2 * tenth);
    }
    placeMean = new int[places];
    placeCount = new int[places];
    Arrays.fill(placeMean, FIRST_MEAN);
  }

  /** What all levels cost so far, in units of {@link Mixture#cost()}. */
  long cost() {
    return signs.cost() + evenCost + magnitudes.cost();
  }

  void startLine() {
    signs.initialize(lineSign, lineSign + 1, Mixture.state(EVEN, 1));
    lastSigns = 0;
    lastMagnitude = 0;
    lineMean = FIRST_MEAN;
    lineCount = 0;
  }

  /**
   * Codes a level that is not 0, or prices it.
   *
   * @param level to write; ignored when reading
   * @return the level
   */
  int code(BinaryCoder coder, int level, int place, Surroundings around) {
    int negative;
    if (mostPositive == 0) {
      negative = 1;
    } else if (mostNegative == 0) {
      negative = 0;
    } else {
      negative = codeSign(coder, level < 0 ? 1 : 0, place, around);
    }
    ofFirst =
        drift == null
            ? Math.min(CLASSES - 1, lastMagnitude)
            : Quantized.signedExpected(negative == 1 ? -drift.expected() : drift.expected());
    ofPlace = Quantized.size(placeMean[place] >> MEAN_BITS - 2);
    ofLine = Quantized.size(lineMean >> MEAN_BITS - 2);
    nearSize = around.nearSize;
    density = around.smoothDensity;
    int magnitude = codeMagnitude(coder, Math.abs(level), negative);
    if (coder.isPricing()) {
      return level;
    }
    int scaled = magnitude << MEAN_BITS;
    placeMean[place] += (scaled - placeMean[place]) / Math.min(PLACE_MEMORY, 2 + placeCount[place]);
    placeCount[place]++;
    lineMean += (scaled - lineMean) / Math.min(LINE_MEMORY, 2 + lineCount);
    lineCount++;
    lastMagnitude = magnitude;
    return negative == 1 ? -magnitude : magnitude;
  }

  private int codeSign(BinaryCoder coder, int negative, int place, Surroundings around) {
    if (evenSigns) {
      evenCost += coder.isPricing() ? 0 : 1L << Logistic.COST_BITS;
      return coder.codeEvenly(negative);
    }
    int lineSum = Quantized.signed(around.lineSum);
    int ofSums = sums + CLASSES * lineSum + Quantized.signed(around.aboveSum);
    int coded;
    if (drift == null) {
      int triple =
          Quantized.sign(around.left)
              + 3 * Quantized.sign(around.back)
              + 9 * Quantized.sign(around.over)
              + 27 * Quantized.sign(around.leftLeft);
      coded =
          signs.code(
              coder,
              negative,
              0,
              place,
              lineSign,
              triples + triple,
              histories + lastSigns,
              ofSums,
              leanings + LEANINGS * lineSum + leaning(place) + 3 * leaning(lineSign));
    } else {
      int start = Quantized.start(drift.start());
      coded =
          signs.code(
              coder,
              negative,
              0,
              place,
              lineSign,
              histories + lastSigns,
              ofSums,
              ofStarts + (drift.start() < 0 ? Quantized.STARTS + start : start),
              ofExpected + 3 * Quantized.signedExpected(drift.expected()) + leaning(place));
    }
    if (!coder.isPricing()) {
      lastSigns = 2 * lastSigns + coded & HISTORIES - 1;
    }
    return coded;
  }

  private int leaning(int context) {
    int logit = Logistic.stretch(signs.state(context));
    return logit > LEANING ? 2 : logit < -LEANING ? 0 : 1;
  }

  /** The exponent in unary, then the bits below the leading one; nothing that cannot be. */
  private int codeMagnitude(BinaryCoder coder, int magnitude, int negative) {
    int first = negative * NODES;
    int most = negative == 1 ? mostNegative : mostPositive;
    int mostExponent = log2(most);
    int given = log2(magnitude);
    int exponent = 0;
    while (exponent < mostExponent
        && codeNode(coder, given > exponent ? 1 : 0, first + exponent) == 1) {
      exponent++;
    }
    int value = 1;
    for (int i = exponent - 1; i >= 0; i--) {
      int bit = 0;
      if (2 * value + 1 << i <= most) {
        int node =
            exponent <= TREE_EXPONENT
                ? TREE_NODES + (1 << exponent) + value - 1
                : LARGE_NODES + Byte.SIZE * (exponent - TREE_EXPONENT - 1) + i;
        bit = codeNode(coder, magnitude >> i & 1, first + node);
      }
      value = 2 * value + bit;
    }
    return value;
  }

  private int codeNode(BinaryCoder coder, int bit, int node) {
    int table = 2 * NODES * CLASSES;
    int at = node * CLASSES;
    int first = 2 * NODES * firstClasses;
    return magnitudes.code(
        coder,
        bit,
        node,
        node * firstClasses + ofFirst,
        first + at + ofPlace,
        first + table + at + ofLine,
        first + 2 * table + at + nearSize,
        first + 3 * table + at + density,
        first + 4 * table + node);
  }

  private static int log2(int value) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value);
  }
}
