package dev.pare.search;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.WilsonInterval;
import dev.pare.evaluate.NormalTest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which candidates to train once more, with other random choices: those next to each other on the
 * frontier of mean bytes and mean quality whose qualities cannot be told apart. What one lucky run
 * put on the frontier is trained again there, and leaves it if its luck does not hold.
 *
 * <p>Two means differ if they are more than 1.96 standard errors apart. The variance of their
 * difference has two parts: that of the examples, in pairs where it is known which were right, and
 * that of the random choices, pooled over all that ran more than once.
 *
 * @param <T> what tells candidates apart that are no repetitions of each other
 */
public final class Replication<T> {
  private final int most;
  private final Map<T, Runs> all = new LinkedHashMap<>();
  private final Set<StageKey> known = new HashSet<>();

  /** What one candidate came to, run by run. */
  private static final class Runs {
    private final List<Measurement> measured = new ArrayList<>();
    private int asked = 1;

    private double bytes() {
      return measured.stream().mapToLong(run -> run.size().totalBytes()).average().orElseThrow();
    }

    private double quality() {
      return measured.stream().mapToDouble(run -> run.score().quality()).average().orElseThrow();
    }

    private double squares() {
      double mean = quality();
      return measured.stream()
          .mapToDouble(run -> run.score().quality() - mean)
          .map(difference -> difference * difference)
          .sum();
    }
  }

  /**
   * A candidate to train again.
   *
   * @param number of its training, the first one's is 0
   */
  public record Repeat<T>(T candidate, int number) {}

  /**
   * @param most runs of a candidate, the first one included
   */
  public Replication(int most) {
    this.most = most;
  }

  /** Takes what came of a run. Files that were told before, of whatever candidate, count once. */
  public void take(T candidate, Outcome outcome) {
    if (outcome instanceof Outcome.Measured done && known.add(done.key())) {
      all.computeIfAbsent(candidate, one -> new Runs()).measured.add(done.measurement());
    }
  }

  /**
   * What to train again now that all that was asked for has ended.
   *
   * @param room how many there may be
   * @return none if all is told apart, or has run as often as it may
   */
  public List<Repeat<T>> next(int room) {
    List<T> frontier = frontier();
    double variance = variance();
    Set<T> contested = new LinkedHashSet<>();
    for (int i = 1; i < frontier.size(); i++) {
      Runs one = runs(frontier.get(i - 1));
      Runs other = runs(frontier.get(i));
      if (!differ(one, other, variance)) {
        contested.add(frontier.get(i - 1));
        contested.add(frontier.get(i));
      }
    }
    List<Repeat<T>> repeats = new ArrayList<>();
    for (T candidate : contested) {
      Runs runs = runs(candidate);
      if (runs.asked < most && repeats.size() < room) {
        repeats.add(new Repeat<>(candidate, runs.asked));
        runs.asked++;
      }
    }
    return repeats;
  }

  private Runs runs(T candidate) {
    return requireNonNull(all.get(candidate));
  }

  /** By rising mean bytes; of equal ones the first that was told. */
  private List<T> frontier() {
    List<T> sorted = new ArrayList<>(all.keySet());
    sorted.sort(
        Comparator.comparingDouble((T candidate) -> runs(candidate).bytes())
            .thenComparing(candidate -> -runs(candidate).quality()));
    List<T> frontier = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (T candidate : sorted) {
      double quality = runs(candidate).quality();
      if (quality > best) {
        frontier.add(candidate);
        best = quality;
      }
    }
    return frontier;
  }

  /** Of the quality by random choices alone; 0 as long as nothing ran twice. */
  private double variance() {
    double squares = 0;
    int freedom = 0;
    for (Runs runs : all.values()) {
      squares += runs.squares();
      freedom += runs.measured.size() - 1;
    }
    return freedom == 0 ? 0 : squares / freedom;
  }

  private static boolean differ(Runs one, Runs other, double variance) {
    double ofRuns = variance / one.measured.size() + variance / other.measured.size();
    double error = Math.sqrt(ofExamples(one.measured, other.measured) + ofRuns);
    return Math.abs(one.quality() - other.quality()) > WilsonInterval.Z * error;
  }

  /** Variance of the difference by which examples they are that were tried. */
  private static double ofExamples(List<Measurement> one, List<Measurement> other) {
    int examples = one.get(0).score().examples();
    boolean inPairs =
        Stream.concat(one.stream(), other.stream()).allMatch(run -> tells(run, examples));
    if (!inPairs) {
      double error = NormalTest.of(one.get(0).score(), other.get(0).score()).standardError();
      return error * error;
    }
    double[] differences = new double[examples];
    add(differences, one, 1);
    add(differences, other, -1);
    double mean = 0;
    for (double difference : differences) {
      mean += difference / examples;
    }
    double squares = 0;
    for (double difference : differences) {
      squares += (difference - mean) * (difference - mean);
    }
    return squares / examples / Math.max(1, examples - 1);
  }

  private static boolean tells(Measurement run, int examples) {
    return run.score().metric().equals(Metric.ERROR)
        && run.validation() != null
        && run.validation().examples() == examples;
  }

  private static void add(double[] sums, List<Measurement> runs, int sign) {
    for (Measurement run : runs) {
      Correctness correctness = requireNonNull(run.validation());
      BitSet right = correctness.right();
      for (int i = right.nextSetBit(0); i >= 0; i = right.nextSetBit(i + 1)) {
        sums[i] += (double) sign / runs.size();
      }
    }
  }
}
