package dev.pare.codec;

import org.jspecify.annotations.Nullable;

/**
 * Codes of what is like something that both who writes and who reads know: levels, numbers and the
 * order of units. Package-info specifies their bytes. No state: any number of threads may call.
 */
public final class RelativeCode {
  private static final byte[] NO_HEAD = {};
  private static final int MOST_BITS = Integer.SIZE;

  private RelativeCode() {}

  /**
   * The code of levels beside others.
   *
   * @param others a matrix of the same shape
   */
  public static byte[] ofLevels(LevelMatrix levels, LevelMatrix others) {
    checkShape(levels.rows() == others.rows() && levels.columns() == others.columns());
    BinaryCoder coder = BinaryCoder.writing(NO_HEAD);
    code(coder, levels, others);
    return coder.finish();
  }

  /**
   * The levels of a code.
   *
   * @throws MalformedCodeException if it is none of a matrix beside these
   */
  public static LevelMatrix levels(byte[] code, LevelMatrix others) {
    BinaryCoder coder = BinaryCoder.reading(code, 0);
    LevelMatrix levels = code(coder, null, others);
    coder.expectEnd();
    return levels;
  }

  private static LevelMatrix code(
      BinaryCoder coder, @Nullable LevelMatrix given, LevelMatrix others) {
    int negative =
        CodeParameters.codeNumber(coder, given == null ? 0 : Math.max(0, -given.lowest()));
    int positive =
        CodeParameters.codeNumber(coder, given == null ? 0 : Math.max(0, given.highest()));
    boolean isFull = given != null && given.nonzeros() == given.size();
    boolean full = coder.codeEvenly(isFull ? 1 : 0) == 1;
    if (Math.max(negative, positive) > LevelMatrix.MAX_MAGNITUDE
        || full && negative + positive == 0) {
      throw new MalformedCodeException(0, "levels from −" + negative + " to " + positive);
    }
    short[] levels = given == null ? new short[others.size()] : given.levels().clone();
    if (negative + positive > 0) {
      new RelativeLevelModel(others, -negative, positive, full).code(coder, levels);
    }
    return LevelMatrix.wrap(others.rows(), others.columns(), levels);
  }

  /**
   * The code of numbers near others.
   *
   * @param bits that a number has, 1 to 32; those above count as 0
   */
  public static byte[] ofNumbers(int[] numbers, int[] others, int bits) {
    checkShape(numbers.length == others.length);
    BinaryCoder coder = BinaryCoder.writing(NO_HEAD);
    codeNumbers(coder, numbers.clone(), others, bits);
    return coder.finish();
  }

  /**
   * The numbers of a code.
   *
   * @throws MalformedCodeException if it is none of as many numbers
   */
  public static int[] numbers(byte[] code, int[] others, int bits) {
    BinaryCoder coder = BinaryCoder.reading(code, 0);
    int[] numbers = codeNumbers(coder, new int[others.length], others, bits);
    coder.expectEnd();
    return numbers;
  }

  /** Differences: the length of their magnitude in unary, their sign, and the bits below. */
  private static int[] codeNumbers(BinaryCoder coder, int[] numbers, int[] others, int bits) {
    AdaptiveBits lengths = new AdaptiveBits(MOST_BITS + 1);
    AdaptiveBits rest = new AdaptiveBits(MOST_BITS + 1);
    int shift = MOST_BITS - bits;
    for (int i = 0; i < numbers.length; i++) {
      int difference = numbers[i] - others[i] << shift >> shift;
      // The least has no positive counterpart: read as unsigned it is its own.
      int magnitude = Math.abs(difference);
      int given = MOST_BITS - Integer.numberOfLeadingZeros(magnitude);
      int length = 0;
      while (length < bits && lengths.code(coder, given > length ? 1 : 0, length) == 1) {
        length++;
      }
      if (length == 0) {
        numbers[i] = others[i];
      } else {
        int negative = lengths.code(coder, difference < 0 ? 1 : 0, MOST_BITS);
        int coded = 1;
        if (length > 1) {
          coded = 2 + rest.code(coder, magnitude >>> length - 2 & 1, length);
        }
        if (length > 2) {
          int low = length - 2;
          coded = coded << low | coder.codeEvenly(magnitude & (1 << low) - 1, low);
        }
        numbers[i] = others[i] + (negative == 1 ? -coded : coded);
      }
      numbers[i] = bits == MOST_BITS ? numbers[i] : numbers[i] & (1 << bits) - 1;
    }
    return numbers;
  }

  /**
   * The code of an order: which unit of others each is.
   *
   * @param units of each the number of another, all different, or −1
   * @param others how many others there are
   */
  public static byte[] ofOrder(int[] units, int others) {
    BinaryCoder coder = BinaryCoder.writing(NO_HEAD);
    codeOrder(coder, units.clone(), others);
    return coder.finish();
  }

  /**
   * The order of a code.
   *
   * @param count of units
   * @throws MalformedCodeException if it is none
   */
  public static int[] order(byte[] code, int count, int others) {
    BinaryCoder coder = BinaryCoder.reading(code, 0);
    int[] units = codeOrder(coder, new int[count], others);
    coder.expectEnd();
    return units;
  }

  /** Of each unit whether it is one of the others, whether the next, or which of those left. */
  private static int[] codeOrder(BinaryCoder coder, int[] units, int others) {
    AdaptiveBits facts = new AdaptiveBits(2);
    UnnamedUnits rest = new UnnamedUnits(others);
    boolean[] taken = new boolean[others];
    int next = 0;
    for (int i = 0; i < units.length; i++) {
      if (rest.count() == 0 || facts.code(coder, units[i] >= 0 ? 1 : 0, 0) == 0) {
        units[i] = -1;
        continue;
      }
      boolean mayFollow = next < others && !taken[next];
      if (mayFollow && facts.code(coder, units[i] == next ? 1 : 0, 1) == 1) {
        units[i] = next;
        rest.takeUnit(next);
      } else {
        int width = rest.width();
        int left = rest.count();
        int rank = coder.codeEvenly(coder.reading() ? 0 : rest.takeUnit(units[i]), width);
        if (rank >= left) {
          throw new MalformedCodeException(0, "unit " + rank + " of " + left);
        }
        units[i] = coder.reading() ? rest.takeRank(rank) : units[i];
      }
      taken[units[i]] = true;
      next = units[i] + 1;
    }
    return units;
  }

  private static void checkShape(boolean same) {
    if (!same) {
      throw new IllegalArgumentException("not as many as there are of the others");
    }
  }
}
