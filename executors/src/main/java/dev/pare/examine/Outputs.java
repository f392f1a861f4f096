package dev.pare.examine;

import dev.pare.candidate.Correctness;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Network;
import java.util.BitSet;

/** What a network answers to examples of classes. */
final class Outputs {
  private final int[] labels;
  private final int[] answers;
  private final float[] logits;

  private Outputs(int[] labels, float[] logits) {
    this.labels = labels;
    this.logits = logits;
    this.answers = Evaluator.answers(logits, labels.length);
  }

  static Outputs of(Network network, Examples examples) {
    return of(Evaluator.logits(network, examples), Evaluator.labels(examples));
  }

  /**
   * @param logits {@code [example][class]}
   */
  static Outputs of(float[] logits, int[] labels) {
    return new Outputs(labels, logits);
  }

  int examples() {
    return labels.length;
  }

  int classes() {
    return logits.length / labels.length;
  }

  int label(int example) {
    return labels[example];
  }

  /** The class of the largest logit; −1 where there are no numbers. */
  int answer(int example) {
    return answers[example];
  }

  boolean isRight(int example) {
    return answers[example] == labels[example];
  }

  int wrong() {
    int wrong = 0;
    for (int i = 0; i < labels.length; i++) {
      wrong += isRight(i) ? 0 : 1;
    }
    return wrong;
  }

  /** Which examples are right. */
  Correctness correctness() {
    BitSet right = new BitSet();
    for (int i = 0; i < labels.length; i++) {
      right.set(i, isRight(i));
    }
    return Correctness.of(right, labels.length);
  }

  /** The logarithm of the probability of a class by the softmax; NaN where there are no numbers. */
  double logProbability(int example, int label) {
    int from = example * classes();
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes(); c++) {
      largest = Math.max(largest, logits[from + c]);
    }
    double sum = 0;
    for (int c = 0; c < classes(); c++) {
      sum += StrictMath.exp(logits[from + c] - largest);
    }
    return logits[from + label] - largest - StrictMath.log(sum);
  }

  /** The probability of its answer; NaN where there is none. */
  double confidence(int example) {
    return answers[example] < 0
        ? Double.NaN
        : StrictMath.exp(logProbability(example, answers[example]));
  }
}
