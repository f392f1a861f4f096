package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Hides some numbers of its input, always the same ones, as causal attention hides later places
 * (Vaswani et al. 2017). Numbers are counted by rows of the height, in them by places of the width,
 * and at each of these by channels, which attention has its keys as.
 *
 * @param effect what becomes of a hidden number
 * @param number that it is replaced by, or that is added to it
 * @param period after how many numbers the same are hidden again
 * @param hidden those of the first period, ascending
 */
public record Mask(Effect effect, float number, int period, List<Runs> hidden) implements Layer {
  /** What becomes of a hidden number. */
  public enum Effect {
    /** It is the mask's. */
    REPLACED(0),
    /** The mask's is added to it. */
    SHIFTED(1);

    private final int code;

    Effect(int code) {
      this.code = code;
    }

    /** The number that stands for this effect in files; never reused. */
    public int code() {
      return code;
    }
  }

  /**
   * Runs of numbers side by side, at regular distances.
   *
   * @param first number of the first run
   * @param length of the first run
   * @param count how many runs there are
   * @param step from the beginning of one to that of the next; 0 of one
   * @param growth how much longer each is than the one before it; 0 of one
   */
  public record Runs(int first, int length, int count, int step, int growth)
      implements Serializable {
    public Runs {
      Sizes.atLeastOne("length", length);
      Sizes.atLeastOne("count", count);
      long lengthOfLast = length + (count - 1L) * growth;
      boolean apart = count == 1 ? step == 0 && growth == 0 : step > length && step > lengthOfLast;
      if (first < 0 || lengthOfLast < 1 || !apart) {
        throw new IllegalArgumentException(
            "%d runs of %d numbers from %d, %d apart, growing by %d"
                .formatted(count, length, first, step, growth));
      }
    }

    /** The number behind the last run. */
    long end() {
      return first + (count - 1L) * ((long) step + growth) + length;
    }

    private void mark(boolean[] hidden) {
      for (int i = 0; i < count; i++) {
        int from = first + i * step;
        Arrays.fill(hidden, from, from + length + i * growth, true);
      }
    }
  }

  public Mask {
    requireNonNull(effect, "effect is null");
    hidden = List.copyOf(hidden);
    Sizes.atLeastOne("period", period);
    if (!Float.isFinite(number)) {
      throw new IllegalArgumentException("number = " + number + ": must be finite");
    }
    long end = -1;
    for (Runs runs : hidden) {
      if (runs.first() <= end || runs.end() > period) {
        throw new IllegalArgumentException(
            "%s of %d numbers: must be ascending and apart".formatted(runs, period));
      }
      end = runs.end();
    }
  }

  /**
   * The mask of certain numbers.
   *
   * @param hidden which of the period are
   */
  public static Mask of(Effect effect, float number, boolean[] hidden) {
    List<int[]> runs = new ArrayList<>();
    for (int i = 0; i < hidden.length; i++) {
      if (hidden[i] && (i == 0 || !hidden[i - 1])) {
        runs.add(new int[] {i, 0});
      }
      if (hidden[i]) {
        runs.get(runs.size() - 1)[1]++;
      }
    }
    return new Mask(effect, number, hidden.length, regular(runs));
  }

  /**
   * @param runs first number and length of each
   */
  private static List<Runs> regular(List<int[]> runs) {
    List<Runs> all = new ArrayList<>();
    for (int i = 0; i < runs.size(); ) {
      int[] first = runs.get(i);
      int end = i + 1;
      int step = 0;
      int growth = 0;
      if (end < runs.size()) {
        step = runs.get(end)[0] - first[0];
        growth = runs.get(end)[1] - first[1];
      }
      while (end < runs.size()
          && runs.get(end)[0] - runs.get(end - 1)[0] == step
          && runs.get(end)[1] - runs.get(end - 1)[1] == growth
          && runs.get(end)[1] < step) {
        end++;
      }
      boolean one = end == i + 1;
      all.add(new Runs(first[0], first[1], end - i, one ? 0 : step, one ? 0 : growth));
      i = end;
    }
    return all;
  }

  /** Which numbers of a period are hidden. */
  public boolean[] pattern() {
    boolean[] pattern = new boolean[period];
    hidden.forEach(runs -> runs.mark(pattern));
    return pattern;
  }

  @Override
  public String title() {
    return "mask";
  }

  @Override
  public String summary() {
    int count = 0;
    for (boolean of : pattern()) {
      count += of ? 1 : 0;
    }
    return "mask of %d of %d numbers".formatted(count, period);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = inputs.get(0);
    if (in.size() % period != 0) {
      throw new IllegalArgumentException("a mask of %d numbers for %s".formatted(period, in));
    }
    return in;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.FIXED;
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs && number >= 0;
  }
}
