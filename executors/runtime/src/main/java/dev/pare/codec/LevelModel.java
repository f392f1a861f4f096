package dev.pare.codec;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What is known of each level before it is coded, from those coded before it; package-info draws
 * the contexts.
 */
final class LevelModel {
  private static final int START_COUNT = 4;
  private static final int MARGIN = 2;
  private static final int SQUARE = Quantized.CLASSES * Quantized.CLASSES;
  private static final int PATTERNS = 256;
  private static final int HALF_SQUARE = SQUARE / 4;
  // Classes of expected values that share weights.
  private static final int EXPECTED_SET = 4;

  private final Scan scan;
  private final int stride;
  private final int pad;
  private final boolean full;

  private final Mixture significance;
  private final int firstState;
  private final int lineContext;
  private final int pairContexts;
  private final int sizeContexts;
  private final int patternContexts;
  private final int anyContext;
  private final int startContexts;
  private final int expectedContexts;
  // Of the significance at each place, before the line; and what is around it.
  private final short[] logits;
  private final byte[] smoothDensity;
  private final ValueModel values;
  private final Surroundings surroundings = new Surroundings();
  private final @Nullable AdaptivePredictor drift;
  private final int firstLogit;

  // Levels of this line and the two before, each between margins of zeros.
  private short[] line;
  private short[] above;
  private short[] aboveThat;
  private final short[] zeros;

  /**
   * @param starts of the values, which matter only if the parameters say so
   */
  LevelModel(CodeParameters parameters, int rows, int columns, @Nullable InitialValues starts) {
    scan = Scan.of(parameters.transposed(), rows, columns);
    stride = parameters.stride();
    full = parameters.full();
    pad = Math.max(2 * stride, MARGIN);
    line = new short[pad + scan.places() + MARGIN];
    above = line.clone();
    aboveThat = line.clone();
    zeros = line.clone();
    lineContext = scan.places();
    pairContexts = lineContext + 1;
    sizeContexts = pairContexts + SQUARE;
    patternContexts = sizeContexts + SQUARE;
    anyContext = patternContexts + PATTERNS;
    startContexts = anyContext + 1;
    drift =
        parameters.drifting()
            ? new AdaptivePredictor(requireNonNull(starts, "starts"), scan, stride)
            : null;
    expectedContexts = startContexts + (drift == null ? 0 : Quantized.STARTS * HALF_SQUARE);
    int contexts =
        expectedContexts + (drift == null ? 0 : Quantized.EXPECTED * Quantized.DENSITIES);
    significance = new Mixture(contexts, drift == null ? 1 : Quantized.EXPECTED / EXPECTED_SET);
    firstState = Mixture.state(parameters.density(), START_COUNT);
    significance.initialize(0, contexts, firstState);
    firstLogit = Logistic.stretch(firstState);
    if (drift == null) {
      int fifth = Mixture.ONE / 5;
      significance.weigh(fifth, fifth, fifth, fifth, fifth, Mixture.ONE - 5 * fifth);
    } else {
      int tenth = Mixture.ONE / 10;
      significance.weigh(tenth / 2, tenth / 2, tenth / 2, tenth / 2, 4 * tenth, 4 * tenth);
    }
    logits = new short[scan.places()];
    smoothDensity = new byte[scan.places()];
    values = new ValueModel(parameters, scan.places(), drift);
  }

  /** Codes all levels: writes those given, or puts there what it reads. */
  void code(BinaryCoder coder, short[] levels) {
    for (int i = 0; i < scan.lines(); i++) {
      startLine();
      codePlaces(coder, levels, i, 0, scan.placesOf(i));
      endLine();
    }
  }

  /** What significances cost so far, in units of {@link Mixture#cost()}. */
  long significanceCost() {
    return significance.cost();
  }

  /** What signs and magnitudes cost so far. */
  long valueCost() {
    return values.cost();
  }

  /** The order of the levels. */
  Scan scan() {
    return scan;
  }

  /** Gets ready for the first place of a line. */
  void startLine() {
    significance.initialize(lineContext, lineContext + 1, firstState);
    values.startLine();
    if (drift != null) {
      drift.startLine();
    }
    int places = scan.places();
    for (int place = 0; place < places; place++) {
      logits[place] = (short) logit(place);
    }
    for (int place = 0; place < places; place++) {
      int sum = logits[Math.max(0, place - 1)] + logits[Math.min(places - 1, place + 1)];
      if (stride == 0) {
        sum *= 2;
      } else {
        sum += logits[place < stride ? place : place - stride];
        sum += logits[place + stride < places ? place + stride : place];
      }
      smoothDensity[place] = (byte) Quantized.logit(sum / 4);
    }
  }

  /** Goes on to the next line, after the last place of one. */
  void endLine() {
    short[] free = aboveThat;
    aboveThat = above;
    above = line;
    line = free;
  }

  private int logit(int context) {
    return Logistic.stretch(significance.state(context));
  }

  /**
   * Codes the levels of places {@code from} to {@code to − 1} of a line, those before it done. What
   * is priced is to be coded next.
   */
  void codePlaces(BinaryCoder coder, short[] levels, int number, int from, int to) {
    boolean reading = coder.reading();
    short[] here = line;
    short[] up = above;
    short[] behind = stride > 0 ? here : zeros;
    int index = scan.start(number) + from * scan.step();
    for (int place = from; place < to; place++, index += scan.step()) {
      int at = pad + place;
      int left = here[at - 1];
      int leftLeft = here[at - 2];
      int back = behind[at - stride];
      int backLeft = behind[at - stride - 1];
      int backRight = behind[at - stride + 1];
      int backBack = behind[at - 2 * stride];
      int over = up[at];
      int nearSize =
          Quantized.size(
              2 * (Math.abs(left) + Math.abs(back))
                  + Math.abs(leftLeft)
                  + Math.abs(backLeft)
                  + Math.abs(backRight)
                  + Math.abs(backBack));
      int level = reading ? 0 : levels[index];
      if (drift != null) {
        drift.expect(place, index);
      }
      if (!full) {
        int pair =
            Quantized.CLASSES * Quantized.logit(logits[place])
                + Quantized.logit(logit(lineContext));
        int ofPair = pairContexts + pair;
        int ofSize = sizeContexts + Quantized.CLASSES * nearSize + smoothDensity[place];
        int bit = level == 0 ? 0 : 1;
        int nonzero;
        if (drift == null) {
          int pattern =
              Math.min(3, Math.abs(left))
                  | Math.min(3, Math.abs(back)) << 2
                  | Math.min(3, Math.abs(over)) << 4
                  | Math.min(1, Math.abs(backLeft)) << 6
                  | Math.min(1, Math.abs(backRight)) << 7;
          nonzero =
              significance.code(
                  coder,
                  bit,
                  0,
                  place,
                  lineContext,
                  ofPair,
                  ofSize,
                  patternContexts + pattern,
                  anyContext);
        } else {
          int size = Quantized.start(drift.start());
          int expected = Quantized.expected(drift.expected());
          int density = Quantized.density(logits[place] + logit(lineContext) - firstLogit);
          nonzero =
              significance.code(
                  coder,
                  bit,
                  expected / EXPECTED_SET,
                  place,
                  lineContext,
                  ofPair,
                  ofSize,
                  startContexts + HALF_SQUARE * size + Quantized.halved(pair),
                  expectedContexts + Quantized.DENSITIES * expected + density);
        }
        if (nonzero == 0) {
          here[at] = 0;
          if (drift != null && !coder.isPricing()) {
            drift.learn(place, index, 0);
          }
          continue;
        }
      }
      surroundings.left = left;
      surroundings.leftLeft = leftLeft;
      surroundings.back = back;
      surroundings.over = over;
      surroundings.lineSum = 2 * (left + back) + leftLeft + backLeft + backRight + backBack;
      surroundings.aboveSum = 2 * over + up[at - 1] + up[at + 1] + aboveThat[at];
      surroundings.nearSize = nearSize;
      surroundings.smoothDensity = smoothDensity[place];
      level = values.code(coder, level, place, surroundings);
      here[at] = (short) level;
      if (drift != null && !coder.isPricing()) {
        drift.learn(place, index, level);
      }
      if (reading) {
        levels[index] = (short) level;
      }
    }
  }

  /** What lies around a level that is not 0. */
  static final class Surroundings {
    /** The level before in the line, the one before that, and the one a stride before. */
    int left;

    int leftLeft;
    int back;

    /** The level at the same place of the line before. */
    int over;

    /** Signed sums over this line and those before. */
    int lineSum;

    int aboveSum;

    /** Classes of the magnitudes near, and of the density at and around the place. */
    int nearSize;

    int smoothDensity;
  }
}
