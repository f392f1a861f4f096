package dev.pare.codec;

/**
 * Tables between probabilities and their logits, {@code ln(p / (1 − p))}.
 *
 * <p>StrictMath gives the same bits on every machine, so these are constants of the format; all
 * that codes with them is integer arithmetic.
 */
public final class Logistic {
  /** Logits count 1/256 nats, from −{@value} to {@value}. */
  public static final int LIMIT = 2815;

  /** Probabilities that are coded count 2^−16. */
  static final int PROBABILITY_BITS = 16;

  /** Costs count 2^−16 bits. */
  static final int COST_BITS = 16;

  private static final int UNIT = 256;
  private static final int STRETCH_BITS = 12;
  private static final int ONE = 1 << PROBABILITY_BITS;

  private static final int[] SQUASH = new int[2 * LIMIT + 1];
  private static final short[] STRETCH = new short[1 << STRETCH_BITS];
  private static final int[] COST = new int[1 << STRETCH_BITS];

  static {
    for (int logit = -LIMIT; logit <= LIMIT; logit++) {
      long p = StrictMath.round(ONE / (1 + StrictMath.exp(-logit / (double) UNIT)));
      SQUASH[logit + LIMIT] = (int) Math.max(1, Math.min(ONE - 1, p));
    }
    for (int i = 0; i < STRETCH.length; i++) {
      double p = (i + 0.5) / STRETCH.length;
      STRETCH[i] = (short) StrictMath.round(UNIT * StrictMath.log(p / (1 - p)));
      COST[i] = (int) StrictMath.round(-StrictMath.log(p) / StrictMath.log(2) * (1 << COST_BITS));
    }
  }

  private Logistic() {}

  /** The probability of a logit, which is limited first; never 0 or 1. */
  public static int squash(int logit) {
    return SQUASH[Math.max(-LIMIT, Math.min(LIMIT, logit)) + LIMIT];
  }

  /** The logit of a probability of 32 bits, unsigned. */
  public static int stretch(int probability) {
    return STRETCH[probability >>> Integer.SIZE - STRETCH_BITS];
  }

  /** What it costs to code something of that probability. */
  static int cost(int probability) {
    return COST[probability >>> PROBABILITY_BITS - STRETCH_BITS];
  }
}
