package dev.pare.codec;

import org.jspecify.annotations.Nullable;

/**
 * What levels cost while they are still being chosen: at each place of the coder's scan the bits of
 * any level there, given those chosen before. The contexts are the coder's own, so that the bits of
 * all that was chosen are the ideal length of its code.
 *
 * <p>Order of the scan, stride and first density are those that suit the levels it starts from. Not
 * for several threads.
 */
public final class RateModel {
  private static final double UNIT = 1 << Logistic.COST_BITS;

  private final LevelModel model;
  private final Scan scan;
  private final short[] chosen;
  private final int lowest;
  private final int highest;
  private final BinaryCoder pricing = BinaryCoder.pricing();
  private final BinaryCoder writing = BinaryCoder.writing(new byte[0]);
  private int line;
  private int place;

  /**
   * Starts at the first place.
   *
   * @param start levels like those to be chosen, with a nonzero among them; what is chosen must lie
   *     between its lowest and its highest one
   */
  public RateModel(LevelMatrix start) {
    this(start, LevelCoding.CONTEXT_ARITHMETIC.coder(), null);
  }

  /** The same where the coder will know of the values before. */
  public RateModel(LevelMatrix start, InitialValues starts) {
    this(start, LevelCoding.CONTEXT_ARITHMETIC.coder(starts), starts);
  }

  private RateModel(LevelMatrix start, LevelCoder coder, @Nullable InitialValues starts) {
    if (start.nonzeros() == 0) {
      throw new IllegalArgumentException("all levels are 0: no choice to price");
    }
    byte[] code = coder.encode(start).bytes();
    CodeParameters parameters =
        CodeParameters.read(code, start.rows(), starts != null).parameters().withZeros();
    model = new LevelModel(parameters, start.rows(), start.columns(), starts);
    scan = model.scan();
    chosen = new short[start.size()];
    lowest = parameters.lowest();
    highest = parameters.highest();
    model.startLine();
  }

  /** Whether there is a place left. */
  public boolean hasNext() {
    return line < scan.lines();
  }

  /** Where the place lies in the row-major matrix. */
  public int index() {
    return scan.start(line) + place * scan.step();
  }

  /** What a level would cost at this place, in bits. */
  public double bits(int level) {
    code(pricing, level);
    return pricing.takePrice() / UNIT;
  }

  /** Puts a level at this place and goes on to the next. */
  public void choose(int level) {
    code(writing, level);
    if (++place == scan.placesOf(line)) {
      model.endLine();
      place = 0;
      if (++line < scan.lines()) {
        model.startLine();
      }
    }
  }

  private void code(BinaryCoder coder, int level) {
    if (level < lowest || level > highest) {
      throw new IllegalArgumentException(
          "level " + level + ": must be from " + lowest + " to " + highest);
    }
    chosen[index()] = (short) level;
    model.codePlaces(coder, chosen, line, place, place + 1);
  }
}
