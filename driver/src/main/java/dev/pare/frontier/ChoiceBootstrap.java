package dev.pare.frontier;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.StageKey;
import dev.pare.result.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the choice of files by their errors on validation examples adds to these errors, by the
 * bootstrap (bootstrap bias corrected estimation, Tsamardinos, Greasidou and Borboudakis 2018): the
 * choice is repeated on examples drawn with replacement, and what it chooses is judged by those
 * that were not drawn. A file of the frontier is a choice of the best of all that are no larger,
 * and have no more of a third objective.
 *
 * <p>It takes nothing but which examples each candidate answered rightly, so that any number of
 * candidates is looked at once, one after the other. Same candidates, same numbers.
 */
public final class ChoiceBootstrap {
  private static final int MOST_RESAMPLES = 400;

  /** Of many examples fewer resamples do: their errors differ less. */
  private static final int LEAST_RESAMPLES = 25;

  private static final long MOST_DRAWS = 20_000_000;
  private static final long SEED = 1;

  private final int examples;
  private final int resamples;

  /** How often each example was drawn, {@code [example × resamples]}. */
  private final byte[] draws;

  /** How many examples were not drawn. */
  private final int[] left;

  private ChoiceBootstrap(int examples) {
    this.examples = examples;
    this.resamples =
        (int) Math.max(LEAST_RESAMPLES, Math.min(MOST_RESAMPLES, MOST_DRAWS / examples));
    this.draws = new byte[Math.multiplyExact(examples, resamples)];
    this.left = new int[resamples];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int r = 0; r < resamples; r++) {
      left[r] = examples;
      for (int i = 0; i < examples; i++) {
        int at = random.nextInt(examples) * resamples + r;
        left[r] -= draws[at] == 0 ? 1 : 0;
        // No example is drawn so often.
        draws[at] = (byte) Math.min(Byte.MAX_VALUE, draws[at] + 1);
      }
    }
  }

  /**
   * Of each of a frontier's files.
   *
   * @param all candidates that it was chosen from
   * @param third what else was to be little
   * @param correctness which validation examples a candidate answers rightly; null where there are
   *     no classes
   * @return by the keys of files; empty where errors on other examples cannot be told
   */
  public static <T extends Tradeoff> Map<StageKey, Selection> of(
      Collection<? extends T> all,
      ParetoFrontier<? extends T> frontier,
      ToLongFunction<? super T> third,
      Function<? super T, @Nullable Correctness> correctness) {
    int examples = 0;
    for (T candidate : all) {
      Correctness own = correctness.apply(candidate);
      if (own == null || (examples != 0 && own.examples() != examples)) {
        return Map.of();
      }
      examples = own.examples();
    }
    return examples < 2
        ? Map.of()
        : new ChoiceBootstrap(examples).choices(all, frontier.points(), third, correctness);
  }

  /** A choice in each resample, so far. */
  private final class Choice {
    private final int[] errors = new int[resamples];
    private final int[] errorsOfLeft = new int[resamples];
    private int among;

    Choice() {
      Arrays.fill(errors, Integer.MAX_VALUE);
    }

    /** Of equally good ones the first stays. */
    void offer(int[] own, int[] ownOfLeft) {
      among++;
      for (int r = 0; r < resamples; r++) {
        if (own[r] < errors[r]) {
          errors[r] = own[r];
          errorsOfLeft[r] = ownOfLeft[r];
        }
      }
    }

    /** The mean error of what was not drawn. */
    double error() {
      double sum = 0;
      int counted = 0;
      for (int r = 0; r < resamples; r++) {
        if (left[r] > 0) {
          sum += (double) errorsOfLeft[r] / left[r];
          counted++;
        }
      }
      return sum / counted;
    }
  }

  private <T extends Tradeoff> Map<StageKey, Selection> choices(
      Collection<? extends T> all,
      List<? extends T> files,
      ToLongFunction<? super T> third,
      Function<? super T, @Nullable Correctness> correctness) {
    List<T> sorted = new ArrayList<>(all);
    sorted.sort(
        Comparator.<T>comparingLong(T::bytes).thenComparingLong(third).thenComparing(T::key));
    List<Choice> choices = new ArrayList<>();
    files.forEach(file -> choices.add(new Choice()));
    int[] errors = new int[resamples];
    int[] errorsOfLeft = new int[resamples];
    Set<StageKey> seen = new HashSet<>();
    for (T candidate : sorted) {
      Correctness own = correctness.apply(candidate);
      // One file may be that of several candidates, which is no choice.
      if (own == null || !seen.add(candidate.key())) {
        continue;
      }
      count(own.right(), errors, errorsOfLeft);
      for (int f = 0; f < files.size(); f++) {
        T file = files.get(f);
        if (candidate.bytes() <= file.bytes()
            && third.applyAsLong(candidate) <= third.applyAsLong(file)) {
          choices.get(f).offer(errors, errorsOfLeft);
        }
      }
    }
    Map<StageKey, Selection> selections = new HashMap<>();
    for (int f = 0; f < files.size(); f++) {
      selections.put(
          files.get(f).key(), new Selection(choices.get(f).among, choices.get(f).error()));
    }
    return selections;
  }

  /** Counts a candidate's wrong answers in each resample, and to what was not drawn for it. */
  private void count(BitSet right, int[] errors, int[] errorsOfLeft) {
    Arrays.fill(errors, 0);
    Arrays.fill(errorsOfLeft, 0);
    for (int i = right.nextClearBit(0); i < examples; i = right.nextClearBit(i + 1)) {
      int from = i * resamples;
      for (int r = 0; r < resamples; r++) {
        int drawn = draws[from + r];
        errors[r] += drawn;
        errorsOfLeft[r] += drawn == 0 ? 1 : 0;
      }
    }
  }
}
