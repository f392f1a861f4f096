package dev.pare.codec;

import java.util.Arrays;

/**
 * Codes bits of one kind: six contexts each have learned a probability, and a small logistic
 * regression, learning as it goes, mixes their logits (Mahoney 2005).
 *
 * <p>A context's state is one int, its probability of a 1 in the high 22 bits and how often it was
 * met in the low 10: it moves by 1/(n + 1.5) of the error, so that it is a mean at first and
 * forgets later.
 */
final class Mixture {
  /** Contexts of each bit. */
  static final int CONTEXTS = 6;

  /** Weight 1. */
  static final int ONE = 1 << 16;

  // Of a state that starts from another.
  private static final int FIRST_COUNT = 3;
  private static final int COUNT_BITS = 10;
  private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;
  private static final long[] RECIPROCAL = new long[COUNT_MASK + 1];
  private static final int RECIPROCAL_BITS = 12;
  // A state's memory.
  private static final int MOST_COUNT = COUNT_MASK - 1;
  private static final int RATE = 8;
  private static final int RATE_BITS = 20;
  // Weights learn faster at first.
  private static final int HASTE = 1 << 12;
  private static final int HASTE_BITS = 7;

  static {
    for (int n = 0; n < RECIPROCAL.length; n++) {
      RECIPROCAL[n] = (2L << RECIPROCAL_BITS) / (2 * n + 3);
    }
  }

  private final int[] states;
  private final int[] weights;
  private final int[] haste;
  private long cost;

  /**
   * @param contexts how many there are
   * @param sets of weights
   */
  Mixture(int contexts, int sets) {
    states = new int[contexts];
    weights = new int[CONTEXTS * sets];
    haste = new int[sets];
    Arrays.fill(haste, HASTE);
  }

  /** The state of a context met {@code count} times, at a probability in 2^−16. */
  static int state(int probability, int count) {
    return probability << Integer.SIZE - Logistic.PROBABILITY_BITS | count;
  }

  /** Gives contexts {@code from} to {@code to − 1} a first state. */
  void initialize(int from, int to, int state) {
    Arrays.fill(states, from, to, state);
  }

  /** Gives all sets their first weights. */
  void weigh(int... first) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] = first[i % CONTEXTS];
    }
  }

  /** The state of a context. */
  int state(int context) {
    return states[context];
  }

  /** What the bits cost so far, in 2^−{@value Logistic#COST_BITS} bits, by their probabilities. */
  long cost() {
    return cost;
  }

  /**
   * Codes a bit, and learns it; or prices it.
   *
   * @param bit to write; ignored when reading
   * @param set of weights
   * @return the bit
   */
  int code(BinaryCoder coder, int bit, int set, int c0, int c1, int c2, int c3, int c4, int c5) {
    int[] s = states;
    int s5 = s[c5];
    int s0 = known(s[c0], s5);
    int s1 = known(s[c1], s5);
    int s2 = known(s[c2], s5);
    int s3 = known(s[c3], s5);
    int s4 = known(s[c4], s5);
    int x0 = Logistic.stretch(s0);
    int x1 = Logistic.stretch(s1);
    int x2 = Logistic.stretch(s2);
    int x3 = Logistic.stretch(s3);
    int x4 = Logistic.stretch(s4);
    int x5 = Logistic.stretch(s5);
    int p = mixed(set, x0, x1, x2, x3, x4, x5);
    if (coder.isPricing()) {
      return coder.price(p, bit);
    }
    int coded = coder.code(p, bit);
    cost += Logistic.cost(coded == 1 ? p : (1 << Logistic.PROBABILITY_BITS) - p);
    learn(set, (coded << Logistic.PROBABILITY_BITS) - p, x0, x1, x2, x3, x4, x5);
    int target = coded << Integer.SIZE - COUNT_BITS;
    s[c0] = learned(s0, target);
    s[c1] = learned(s1, target);
    s[c2] = learned(s2, target);
    s[c3] = learned(s3, target);
    s[c4] = learned(s4, target);
    s[c5] = learned(s5, target);
    return coded;
  }

  /** The probability that weighted logits say. */
  private int mixed(int set, int x0, int x1, int x2, int x3, int x4, int x5) {
    int[] w = weights;
    int at = set * CONTEXTS;
    long dot =
        (long) w[at] * x0
            + (long) w[at + 1] * x1
            + (long) w[at + 2] * x2
            + (long) w[at + 3] * x3
            + (long) w[at + 4] * x4
            + (long) w[at + 5] * x5;
    return Logistic.squash((int) (dot >> 16));
  }

  /** Moves the weights of logits that had mixed to a probability with that error. */
  private void learn(int set, int error, int x0, int x1, int x2, int x3, int x4, int x5) {
    int[] w = weights;
    int at = set * CONTEXTS;
    int left = haste[set];
    int step = error * (RATE + (left >> HASTE_BITS)) >> 6;
    haste[set] = left - (-left >>> Integer.SIZE - 1);
    w[at] += moved(x0, step);
    w[at + 1] += moved(x1, step);
    w[at + 2] += moved(x2, step);
    w[at + 3] += moved(x3, step);
    w[at + 4] += moved(x4, step);
    w[at + 5] += moved(x5, step);
  }

  private static int moved(int logit, int step) {
    return logit * step + (1 << RATE_BITS - 7) >> RATE_BITS - 6;
  }

  /** A state, or what one starts from that has met nothing yet. */
  private static int known(int state, int parent) {
    return (state & COUNT_MASK) == 0 ? parent & ~COUNT_MASK | FIRST_COUNT : state;
  }

  private static int learned(int state, int target) {
    int count = state & COUNT_MASK;
    long step = (target - (state >>> COUNT_BITS)) * RECIPROCAL[count] >> RECIPROCAL_BITS;
    return state + ((int) step << COUNT_BITS) + (count - MOST_COUNT >>> Integer.SIZE - 1);
  }
}
