package dev.pare.codec;

import java.util.Arrays;

/**
 * Expects each value where it began plus a drift. The drift is a linear function of those of its
 * neighbours in the line and of what a linear function of the lines before expects at this place;
 * both are learned place by place, the coefficients of the lines anew in each (normalized least
 * mean squares, Widrow and Hoff 1960). package-info gives the numbers.
 */
final class AdaptivePredictor {
  /** The most lines before that are regarded. */
  static final int MOST_LINES = 256;

  private static final int MOST_REMEMBERED = 1 << 21;
  private static final int NEIGHBORS = 12;
  private static final int OF_LEFT = 0;
  private static final int OF_BACK = 1;
  private static final int OF_LINES = NEIGHBORS;
  private static final int INPUTS = NEIGHBORS + 1;

  private static final int ONE_BITS = 16;
  private static final int MOST_WEIGHT = 4 << ONE_BITS;
  private static final int SUM_SHIFT = 6;
  private static final int GAIN_BITS = 12;
  private static final int RATE = 524;
  private static final int EASE = 8192;
  private static final int LINE_GAIN_BITS = 8;
  private static final int LINE_RATE = 26214;
  private static final int LINE_EASE = 20 << 14;

  private final InitialValues starts;
  private final int stride;
  private final int pad;
  private final int[] line;
  private final int[] above;
  // Of each place, the drifts of the last lines, in a ring.
  private final int[] past;
  // And the sums of their squares.
  private final int[] energies;
  private final int depth;
  // Those of the place that is expected, a copy: loops over arrays from their beginning are
  // vectorized.
  private final int[] ofPlace;
  private final int[] coefficients;
  private final int[] weights = new int[INPUTS];
  private final int[] inputs = new int[INPUTS];
  private int slot = -1;
  private long norm;
  private int start;
  private int expected;

  AdaptivePredictor(InitialValues starts, Scan scan, int stride) {
    this.starts = starts;
    this.stride = stride;
    int places = scan.places();
    pad = 3 * Math.max(1, stride) + 2;
    line = new int[pad + places + 2];
    above = new int[places];
    depth = Math.min(Math.min(MOST_LINES, scan.lines()), Math.max(1, MOST_REMEMBERED / places));
    past = new int[places * depth];
    energies = new int[places];
    ofPlace = new int[depth];
    coefficients = new int[depth];
    weights[OF_LEFT] = 3 * (1 << ONE_BITS) / 10;
    weights[OF_BACK] = weights[OF_LEFT];
    weights[OF_LINES] = 1 << ONE_BITS - 1;
  }

  /** Gets ready for the first place of a line. */
  void startLine() {
    Arrays.fill(line, 0);
    Arrays.fill(coefficients, 0);
    slot = slot + 1 == depth ? 0 : slot + 1;
  }

  /** Expects a value. May be called again. */
  void expect(int place, int index) {
    int at = pad + place;
    int[] x = inputs;
    int[] l = line;
    x[OF_LEFT] = l[at - 1];
    x[2] = l[at - 2];
    x[3] = l[at - 3];
    x[4] = above[place];
    if (stride > 0) {
      int back = at - stride;
      x[OF_BACK] = l[back];
      x[5] = l[back - 1];
      x[6] = l[back + 1];
      x[7] = l[back - 2];
      x[8] = l[back + 2];
      int further = back - stride;
      x[9] = l[further];
      x[10] = l[further - 1];
      x[11] = l[further + 1];
    }
    x[OF_LINES] = ofLines(place);
    long sum = 0;
    long squares = EASE;
    for (int i = 0; i < INPUTS; i++) {
      sum += (long) weights[i] * x[i];
      squares += (long) x[i] * x[i];
    }
    norm = squares;
    start = starts.start(index);
    expected = start + limited(sum >> ONE_BITS);
  }

  private int ofLines(int place) {
    int[] drifts = ofPlace;
    int[] factors = coefficients;
    System.arraycopy(past, place * depth, drifts, 0, depth);
    int sum = 0;
    for (int i = 0; i < depth; i++) {
      sum += factors[i] * drifts[i] >> SUM_SHIFT;
    }
    return limited(sum >> ONE_BITS - SUM_SHIFT);
  }

  /** Where the value began of which {@link #expect} was called last. */
  int start() {
    return start;
  }

  /** What it is expected to be now. */
  int expected() {
    return expected;
  }

  /** Learns the level at the place of which {@link #expect} was called last. */
  void learn(int place, int index, int level) {
    int drift = starts.drift(index, level, expected);
    long error = (long) drift - (expected - start);
    long gain = (error * RATE << GAIN_BITS) / norm;
    for (int i = 0; i < INPUTS; i++) {
      long moved = weights[i] + (gain * inputs[i] + (1 << GAIN_BITS - 1) >> GAIN_BITS);
      weights[i] = (int) Math.max(-MOST_WEIGHT, Math.min(MOST_WEIGHT, moved));
    }
    int lineGain = (int) ((error * LINE_RATE << LINE_GAIN_BITS) / (LINE_EASE + energies[place]));
    int[] drifts = ofPlace;
    int[] factors = coefficients;
    for (int i = 0; i < depth; i++) {
      factors[i] += lineGain * drifts[i] + (1 << LINE_GAIN_BITS - 1) >> LINE_GAIN_BITS;
    }
    int forgotten = drifts[slot];
    energies[place] += drift * drift - forgotten * forgotten;
    past[place * depth + slot] = drift;
    above[place] = drift;
    line[pad + place] = drift;
  }

  private static int limited(long value) {
    return (int) Math.max(-InitialValues.MOST, Math.min(InitialValues.MOST, value));
  }
}
