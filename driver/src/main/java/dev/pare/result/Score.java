package dev.pare.result;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Metric;
import dev.pare.candidate.WilsonInterval;
import org.jspecify.annotations.Nullable;

/**
 * How good a network is on some examples.
 *
 * @param estimate what it is judged by
 * @param correct how many examples it got right; null unless it tells classes apart
 */
public record Score(Estimate estimate, @Nullable Integer correct) {
  public Score {
    requireNonNull(estimate, "estimate is null");
    if (correct != null && (correct < 0 || correct > estimate.examples())) {
      throw new IllegalArgumentException(correct + " correct of " + estimate.examples());
    }
  }

  /** Of a network that is judged by its classification error. */
  public Score(int correct, int total) {
    this(error(correct, total), correct);
  }

  private static Estimate error(int correct, int total) {
    if (total < 1 || correct < 0 || correct > total) {
      throw new IllegalArgumentException(correct + " correct of " + total);
    }
    return Estimate.error(correct, total);
  }

  /** The same without telling which examples. */
  public static Score of(Evaluation evaluation) {
    Correctness correctness = evaluation.correctness();
    return new Score(evaluation.score(), correctness == null ? null : correctness.correct());
  }

  /** What it is judged by. */
  public Metric metric() {
    return estimate.metric();
  }

  /** How many examples there were. */
  public int total() {
    return estimate.examples();
  }

  /**
   * Share of the examples that were right.
   *
   * @throws NullPointerException if there are no classes
   */
  public double accuracy() {
    return (double) requireNonNull(correct, "no classes") / total();
  }

  /** The 95% interval of the accuracy, of which the same holds. */
  public WilsonInterval interval() {
    return WilsonInterval.of(requireNonNull(correct, "no classes"), total());
  }

  /** What heads a column of such scores, as {@code validation error %}. */
  public static String title(String part, Metric metric) {
    return part + " " + metric + metric.unit();
  }

  /** As {@code error 1.58%}. */
  public String named() {
    return metric() + " " + metric().text(estimate.value()) + metric().unit().strip();
  }
}
