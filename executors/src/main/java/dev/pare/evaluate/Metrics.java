package dev.pare.evaluate;

import dev.pare.candidate.Confusion;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Task;
import dev.pare.candidate.WilsonInterval;
import dev.pare.data.DataException;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.train.TrainingDivergedException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What outputs of a network come to by a metric, with its 95% interval: Wilson's where it is a
 * share of examples, else the bootstrap's, with as many examples of each class as there are.
 */
public final class Metrics {
  private static final int TOP = 5;

  /** Of the names of classes, in a message. */
  private static final int MOST_SHOWN = 200;

  /** Of an example: its label and answer, and what is drawn for the bootstrap. */
  private static final long DRAWN_BYTES = 6 * Integer.BYTES;

  /** Of an example and a class: its score, its place among all scores, and whether it is of it. */
  private static final long RANKED_BYTES = Double.BYTES + 2 * Integer.BYTES;

  /** Of an example while it is ranked: an object, and a reference to it. */
  private static final long BOXED_BYTES = 16 + 4;

  private Metrics() {}

  /**
   * @throws DataException if a metric is not defined for these examples, naming it
   */
  public static void check(Metric metric, Examples examples, String part) {
    String of = "sweep.metric = " + metric + ": ";
    if (!metric.suits(examples.task())) {
      throw new DataException(of + "is none of data.task = " + examples.task());
    }
    if (metric.ofClass() != null) {
      checkClass(metric.classNumber(examples.classNames()), examples, part, of);
    }
    switch (metric.kind()) {
      case TOP_5_ERROR -> {
        if (examples.classes() <= TOP) {
          throw new DataException(
              of + "needs more than 5 classes, there are " + examples.classes());
        }
      }
      case AUC -> {
        if (examples.classes() < 2 || examples.classes() > Confusion.MOST_CLASSES) {
          throw new DataException(
              of + ("needs labels of 2 to " + Confusion.MOST_CLASSES + " classes"));
        }
        for (int label = 0; label < examples.classes(); label++) {
          if (count(examples, label) == 0) {
            throw new DataException(
                of + "the " + part + " data have no example that is labelled " + label);
          }
        }
      }
      case MSE, MAE -> {
        if (count(examples, 0) == 0) {
          throw new DataException(of + "the " + part + " data have no normal example, labelled 0");
        }
      }
      case R2 -> {
        if (!targetsDiffer(examples)) {
          throw new DataException(of + "a target of the " + part + " data is the same everywhere");
        }
      }
      case ERROR, BALANCED_ERROR, PRECISION, RECALL, F1 -> {
        // They are of any classes.
      }
    }
  }

  private static void checkClass(int label, Examples examples, String part, String of) {
    if (label < 0 || label >= examples.classes()) {
      String names = String.join(", ", examples.classNames());
      throw new DataException(
          of
              + ("the data have the classes 0 to " + (examples.classes() - 1))
              + (names.isEmpty()
                  ? ""
                  : ", which are called "
                      + (names.length() > MOST_SHOWN
                          ? names.substring(0, MOST_SHOWN) + "…"
                          : names)));
    }
    if (count(examples, label) == 0) {
      throw new DataException(of + "the " + part + " data have no example of class " + label);
    }
  }

  private static long count(Examples examples, int label) {
    return IntStream.range(0, examples.size()).filter(i -> examples.label(i) == label).count();
  }

  private static boolean targetsDiffer(Examples examples) {
    double[] targets = targets(examples);
    int outputs = examples.outputs();
    return IntStream.range(0, outputs)
        .allMatch(
            o ->
                IntStream.range(0, examples.size())
                    .anyMatch(i -> targets[i * outputs + o] != targets[o]));
  }

  /**
   * The estimate.
   *
   * @param outputs before a softmax, {@code [examples × outputs]}, of as many classes as the
   *     examples have or more
   * @throws TrainingDivergedException if outputs that are compared with numbers are none
   */
  public static Estimate estimate(Metric metric, Examples examples, float[] outputs) {
    return switch (metric.kind()) {
      case ERROR -> {
        int right = (int) ranks(examples, outputs).filter(rank -> rank == 0).count();
        yield Estimate.error(right, examples.size());
      }
      case TOP_5_ERROR -> {
        int wrong = (int) ranks(examples, outputs).filter(rank -> rank >= TOP).count();
        yield share(metric, examples.size(), wrong, examples.size());
      }
      case BALANCED_ERROR, PRECISION, RECALL, F1 -> ofClasses(metric, examples, outputs);
      case AUC -> {
        int[] labels = Evaluator.labels(examples);
        yield bootstrapped(metric, ranked(examples, labels, outputs), labels);
      }
      case MSE -> mean(metric, normal(examples, squaredErrors(examples, outputs)));
      case MAE -> {
        double[] errors = squaredErrors(examples, outputs);
        Arrays.setAll(errors, i -> Math.sqrt(errors[i]));
        yield mean(metric, normal(examples, errors));
      }
      case R2 ->
          bootstrapped(
              metric,
              new Determination(
                  examples.outputs(), targets(examples), squaredErrors(examples, outputs)),
              new int[examples.size()]);
    };
  }

  /** About how much memory {@link #estimate} takes, beside the outputs. */
  public static long bytes(Metric metric, Examples examples) {
    long outputs = examples.outputs();
    long each =
        switch (metric.kind()) {
          case ERROR, TOP_5_ERROR, BALANCED_ERROR, PRECISION, RECALL, F1 -> 0;
          case AUC ->
              BOXED_BYTES
                  + (examples.task() == Task.RECONSTRUCTION
                      ? Double.BYTES * (outputs + 1)
                      : (outputs == 2 ? 1 : outputs) * RANKED_BYTES);
          case MSE, MAE -> Double.BYTES * (outputs + 2);
          case R2 -> 2 * Double.BYTES * outputs;
        };
    return examples.size() * (DRAWN_BYTES + each);
  }

  private static Estimate ofClasses(Metric metric, Examples examples, float[] outputs) {
    int[] labels = Evaluator.labels(examples);
    int classes = outputs.length / labels.length;
    int[] answers = Evaluator.answers(outputs, labels.length);
    Integer label = metric.ofClass() == null ? null : metric.classNumber(examples.classNames());
    ClassCounts counts = new ClassCounts(metric.kind(), label, classes, labels, answers);
    if (label == null || metric.kind() == Metric.Kind.F1) {
      return bootstrapped(metric, counts, labels);
    }
    return share(metric, labels.length, counts.successes(label), counts.trials(label));
  }

  /** A share of no examples at all may be anything, and counts as 0. */
  private static Estimate share(Metric metric, int examples, int successes, int trials) {
    if (trials == 0) {
      return new Estimate(metric, examples, 0, 0, 1);
    }
    WilsonInterval interval = WilsonInterval.of(successes, trials);
    return within(metric, examples, (double) successes / trials, interval.low(), interval.high());
  }

  private static Estimate mean(Metric metric, double[] values) {
    Statistic mean =
        weights -> {
          double sum = 0;
          double count = 0;
          for (int i = 0; i < values.length; i++) {
            sum += weights[i] * values[i];
            count += weights[i];
          }
          return sum / count;
        };
    return bootstrapped(metric, mean, new int[values.length]);
  }

  private static Estimate bootstrapped(Metric metric, Statistic statistic, int[] strata) {
    int[] once = new int[strata.length];
    Arrays.fill(once, 1);
    double value = statistic.of(once);
    double[] interval = Bootstrap.interval(statistic, strata);
    return within(metric, strata.length, value, interval[0], interval[1]);
  }

  private static Estimate within(
      Metric metric, int examples, double value, double low, double high) {
    return new Estimate(metric, examples, value, Math.min(low, value), Math.max(high, value));
  }

  /** How many classes have a larger output than the label, or an equal one and come before it. */
  private static IntStream ranks(Examples examples, float[] outputs) {
    int classes = outputs.length / examples.size();
    return IntStream.range(0, examples.size())
        .map(
            i -> {
              int label = examples.label(i);
              float own = outputs[i * classes + label];
              if (!(own > Float.NEGATIVE_INFINITY)) {
                return classes;
              }
              int rank = 0;
              for (int c = 0; c < classes; c++) {
                float other = outputs[i * classes + c];
                rank += other > own || other == own && c < label ? 1 : 0;
              }
              return rank;
            });
  }

  private static Statistic ranked(Examples examples, int[] labels, float[] outputs) {
    if (examples.task() == Task.RECONSTRUCTION) {
      return new RankedScores(perExample(squaredErrors(examples, outputs), labels.length), labels);
    }
    int classes = examples.classes();
    if (outputs.length != (long) classes * labels.length) {
      throw new DataException(
          "sweep.metric = auc: the network has %d classes, the data have %d"
              .formatted(outputs.length / labels.length, classes));
    }
    // Of two classes, one against the other is the same both ways.
    List<RankedScores> each =
        IntStream.range(classes == 2 ? 1 : 0, classes)
            .mapToObj(
                c ->
                    new RankedScores(
                        margins(outputs, classes, c),
                        IntStream.of(labels).map(label -> label == c ? 1 : 0).toArray()))
            .toList();
    return weights -> each.stream().mapToDouble(one -> one.of(weights)).sum() / each.size();
  }

  /** The logarithm of a class's probability over that of all others together. */
  private static double[] margins(float[] outputs, int classes, int ofClass) {
    double[] margins = new double[outputs.length / classes];
    for (int i = 0; i < margins.length; i++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        most = c == ofClass ? most : Math.max(most, finite(outputs[i * classes + c]));
      }
      double others = 0;
      for (int c = 0; c < classes; c++) {
        others += c == ofClass ? 0 : Math.exp(outputs[i * classes + c] - most);
      }
      margins[i] = finite(outputs[i * classes + ofClass]) - most - Math.log(others);
    }
    return margins;
  }

  private static double[] targets(Examples examples) {
    int outputs = examples.outputs();
    float[] target = new float[outputs];
    double[] all = new double[Math.multiplyExact(examples.size(), outputs)];
    for (int i = 0; i < examples.size(); i++) {
      examples.copyTarget(i, target, 0);
      for (int o = 0; o < outputs; o++) {
        all[i * outputs + o] = target[o];
      }
    }
    return all;
  }

  private static double[] squaredErrors(Examples examples, float[] outputs) {
    double[] errors = targets(examples);
    if (outputs.length != errors.length) {
      throw new DataException(
          "the network has %d outputs, data.task = %s asks for %d"
              .formatted(outputs.length / examples.size(), examples.task(), examples.outputs()));
    }
    for (int i = 0; i < errors.length; i++) {
      double off = finite(outputs[i]) - errors[i];
      errors[i] = off * off;
    }
    return errors;
  }

  /** Means over the outputs of each example. */
  private static double[] perExample(double[] values, int examples) {
    int outputs = values.length / examples;
    double[] means = new double[examples];
    for (int i = 0; i < values.length; i++) {
      means[i / outputs] += values[i] / outputs;
    }
    return means;
  }

  /**
   * Means over the outputs of each example that is normal, as all are where there are no labels.
   */
  private static double[] normal(Examples examples, double[] values) {
    double[] means = perExample(values, examples.size());
    return IntStream.range(0, means.length)
        .filter(i -> examples.label(i) == 0)
        .mapToDouble(i -> means[i])
        .toArray();
  }

  private static double finite(double output) {
    if (!Double.isFinite(output)) {
      throw new TrainingDivergedException("an output of the network is " + output);
    }
    return output;
  }

  /**
   * What a network comes to that has learned nothing: one that guesses classes, that finds none of
   * them, or that says the mean of all targets.
   *
   * @param examples by which networks are judged
   */
  public static double guess(Metric metric, Examples examples) {
    return switch (metric.kind()) {
      case ERROR, BALANCED_ERROR -> 1 - 1.0 / examples.classes();
      case TOP_5_ERROR -> 1 - (double) TOP / examples.classes();
      case PRECISION, RECALL, F1, R2 -> 0;
      case AUC -> 0.5;
      case MSE, MAE -> {
        Examples normal = SubsetExamples.ofLabel(examples, 0);
        float[] outputs = means(normal);
        yield estimate(metric, normal, outputs).value();
      }
    };
  }

  /**
   * Whether a network is no better, by the 95% interval, than one that has learned nothing; or
   * makes as many errors as one that says the most frequent class of all.
   *
   * @param estimate of the network, on {@code examples}
   */
  public static boolean isGuess(Estimate estimate, Examples examples) {
    Metric metric = estimate.metric();
    double worst = worst(estimate);
    double guess = metric.quality(guess(metric, examples));
    if (metric.kind() != Metric.Kind.ERROR) {
      return worst <= guess;
    }
    int[] counts = new int[examples.classes()];
    for (int i = 0; i < examples.size(); i++) {
      counts[examples.label(i)]++;
    }
    int most = IntStream.of(counts).max().orElse(0);
    long wrong = Math.round(estimate.value() * examples.size());
    return worst <= guess || wrong >= examples.size() - most;
  }

  /** The quality at the worse end of an interval. */
  public static double worst(Estimate estimate) {
    Metric metric = estimate.metric();
    return Math.min(metric.quality(estimate.low()), metric.quality(estimate.high()));
  }

  /** The quality at the better end of an interval. */
  public static double best(Estimate estimate) {
    Metric metric = estimate.metric();
    return Math.max(metric.quality(estimate.low()), metric.quality(estimate.high()));
  }

  /** The means of all targets, for each example. */
  private static float[] means(Examples examples) {
    double[] targets = targets(examples);
    int outputs = examples.outputs();
    double[] means = new double[outputs];
    for (int i = 0; i < targets.length; i++) {
      means[i % outputs] += targets[i] / examples.size();
    }
    float[] all = new float[targets.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) means[i % outputs];
    }
    return all;
  }
}
