package dev.pare.evaluate;

import dev.pare.candidate.Metric;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of how often each class is answered and rightly so. Means are over the classes that
 * examples have or are answered with, as scikit-learn's are, the balanced error's over those that
 * they have.
 */
final class ClassCounts implements Statistic {
  private final Metric.Kind kind;
  private final @Nullable Integer ofClass;
  private final int[] labels;
  private final int[] answers;
  private final BitSet classes = new BitSet();
  private final int[] right;
  private final int[] actual;
  private final int[] answered;

  /**
   * @param ofClass the class that is asked for; null for the mean over classes
   * @param answers −1 where there is none
   */
  ClassCounts(Metric.Kind kind, @Nullable Integer ofClass, int count, int[] labels, int[] answers) {
    this.kind = kind;
    this.ofClass = ofClass;
    this.labels = labels;
    this.answers = answers;
    for (int i = 0; i < labels.length; i++) {
      classes.set(labels[i]);
      if (answers[i] >= 0 && kind != Metric.Kind.BALANCED_ERROR) {
        classes.set(answers[i]);
      }
    }
    this.right = new int[count];
    this.actual = new int[count];
    this.answered = new int[count];
  }

  @Override
  public double of(int[] weights) {
    Arrays.fill(right, 0);
    Arrays.fill(actual, 0);
    Arrays.fill(answered, 0);
    for (int i = 0; i < labels.length; i++) {
      actual[labels[i]] += weights[i];
      if (answers[i] >= 0) {
        answered[answers[i]] += weights[i];
        right[labels[i]] += answers[i] == labels[i] ? weights[i] : 0;
      }
    }
    if (ofClass != null) {
      return of(ofClass);
    }
    return classes.stream().mapToDouble(this::of).sum() / classes.cardinality();
  }

  private double of(int label) {
    return switch (kind) {
      case BALANCED_ERROR -> 1 - share(right[label], actual[label]);
      case RECALL -> share(right[label], actual[label]);
      case PRECISION -> share(right[label], answered[label]);
      case F1 -> share(2.0 * right[label], (double) actual[label] + answered[label]);
      default -> throw new IllegalStateException("no metric of classes: " + kind);
    };
  }

  private static double share(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  /** Of how many examples a class's recall or precision is the share of which it gets right. */
  int trials(int label) {
    int trials = 0;
    for (int i = 0; i < labels.length; i++) {
      trials += (kind == Metric.Kind.RECALL ? labels[i] : answers[i]) == label ? 1 : 0;
    }
    return trials;
  }

  /** How many of them. */
  int successes(int label) {
    int successes = 0;
    for (int i = 0; i < labels.length; i++) {
      successes += labels[i] == label && answers[i] == label ? 1 : 0;
    }
    return successes;
  }
}
