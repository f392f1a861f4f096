package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How good a network is: what frontiers weigh against bytes. Spelled {@code error}, {@code
 * top-5-error}, {@code macro-recall}, {@code recall-of-1} and the like.
 *
 * @param ofClass the class whose precision, recall or F1 it is: its number from 0, or its name;
 *     null for their mean over classes, and for all other kinds
 */
public record Metric(Kind kind, @Nullable String ofClass) implements Serializable {
  /** The share of examples that are not answered rightly. */
  public static final Metric ERROR = new Metric(Kind.ERROR, null);

  private static final String MACRO = "macro-";
  private static final Pattern OF_CLASS =
      Pattern.compile("([a-z0-9]+)-of-([^\\s\\p{C}]|[^\\s\\p{C}]\\P{C}*[^\\s\\p{C}])");

  /** A class's number; names that look so stand for no class. */
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,4}");

  public Metric {
    requireNonNull(kind, "kind is null");
    if (ofClass != null && !(kind.ofClasses && !ofClass.isEmpty())) {
      throw new IllegalArgumentException(kind.spelled() + " of class " + ofClass);
    }
  }

  /** Which of two values is the better one. */
  public enum Direction {
    LESS,
    MORE
  }

  /**
   * What is measured. Where nothing can be divided by, as in the precision of no answer, it is 0.
   */
  public enum Kind {
    /** Share of examples whose class has not the largest output. */
    ERROR(Direction.LESS, Scale.SHARE, EnumSet.of(Task.CLASSIFICATION)),
    /** Share of examples whose class is not among the five with the largest outputs. */
    TOP_5_ERROR(Direction.LESS, Scale.SHARE, EnumSet.of(Task.CLASSIFICATION)),
    /** Mean over classes of the share of a class's examples that are not answered rightly. */
    BALANCED_ERROR(Direction.LESS, Scale.SHARE, EnumSet.of(Task.CLASSIFICATION)),
    /** Of the examples that are answered with a class, the share that belongs to it. */
    PRECISION(Direction.MORE, Scale.SHARE, EnumSet.of(Task.CLASSIFICATION), true),
    /** Of a class's examples, the share that is answered with it. */
    RECALL(Direction.MORE, Scale.SHARE, EnumSet.of(Task.CLASSIFICATION), true),
    /** Harmonic mean of precision and recall. */
    F1(Direction.MORE, Scale.SHARE, EnumSet.of(Task.CLASSIFICATION), true),
    /** Mean squared error. */
    MSE(Direction.LESS, Scale.PLAIN, EnumSet.of(Task.REGRESSION, Task.RECONSTRUCTION)),
    /** Mean absolute error. */
    MAE(Direction.LESS, Scale.PLAIN, EnumSet.of(Task.REGRESSION, Task.RECONSTRUCTION)),
    /** Coefficient of determination, the mean of the targets'. */
    R2(Direction.MORE, Scale.PLAIN, EnumSet.of(Task.REGRESSION)),
    /**
     * Area under the ROC curve: how likely an example of class 1 has a larger score than one of
     * class 0, equal ones counting half. The score is the second output against the first, or the
     * error of reconstruction. Of several classes it is the mean over classes of each one against
     * all others, the score being its probability.
     */
    AUC(Direction.MORE, Scale.SHARE, EnumSet.of(Task.CLASSIFICATION, Task.RECONSTRUCTION));

    private final Direction direction;
    private final Scale scale;
    private final Set<Task> tasks;
    private final boolean ofClasses;

    Kind(Direction direction, Scale scale, Set<Task> tasks) {
      this(direction, scale, tasks, false);
    }

    Kind(Direction direction, Scale scale, Set<Task> tasks, boolean ofClasses) {
      this.direction = direction;
      this.scale = scale;
      this.tasks = tasks;
      this.ofClasses = ofClasses;
    }

    private String spelled() {
      return Spelling.of(this);
    }
  }

  /** How values are written. */
  private enum Scale {
    /** From 0 to 1, in percent. */
    SHARE(100, " %"),
    /** As they are. */
    PLAIN(1, "");

    private final int factor;
    private final String unit;

    Scale(int factor, String unit) {
      this.factor = factor;
      this.unit = unit;
    }
  }

  /** What networks are chosen by unless something else is asked for. */
  public static Metric usual(Task task) {
    return task == Task.CLASSIFICATION ? ERROR : new Metric(Kind.MSE, null);
  }

  /** The metric that is spelled so, if there is one. */
  public static Optional<Metric> of(String spelled) {
    Matcher ofClass = OF_CLASS.matcher(spelled);
    for (Kind kind : Kind.values()) {
      if (spelled.equals(kind.ofClasses ? MACRO + kind.spelled() : kind.spelled())) {
        return Optional.of(new Metric(kind, null));
      }
      if (kind.ofClasses && ofClass.matches() && ofClass.group(1).equals(kind.spelled())) {
        return Optional.of(new Metric(kind, ofClass.group(2)));
      }
    }
    return Optional.empty();
  }

  /**
   * The number of {@link #ofClass()}; −1 if no class is called so.
   *
   * @param classes names of the classes; empty where they have none
   */
  public int classNumber(List<String> classes) {
    String wanted = requireNonNull(ofClass, "it is of no class");
    return NUMBER.matcher(wanted).matches() ? Integer.parseInt(wanted) : classes.indexOf(wanted);
  }

  /** How the metrics of a task are spelled, the usual one first; N stands for a class. */
  public static List<String> spellings(Task task) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.tasks.contains(task))
        .flatMap(
            kind ->
                kind.ofClasses
                    ? Stream.of(MACRO + kind.spelled(), kind.spelled() + "-of-N")
                    : Stream.of(kind.spelled()))
        .toList();
  }

  /** Whether it says something of networks for a task. */
  public boolean suits(Task task) {
    return kind.tasks.contains(task);
  }

  public Direction direction() {
    return kind.direction;
  }

  /**
   * A value such that more is better: itself, or its negative.
   *
   * @param value of this metric
   */
  public double quality(double value) {
    return kind.direction == Direction.MORE ? value : -value;
  }

  /** The worst value that there can be; none where there is always a worse one. */
  public OptionalDouble worst() {
    return kind.scale == Scale.SHARE
        ? OptionalDouble.of(kind.direction == Direction.MORE ? 0 : 1)
        : OptionalDouble.empty();
  }

  /** Whether its values are from 0 to 1. */
  public boolean givesShares() {
    return kind.scale == Scale.SHARE;
  }

  /** A value as it is written: shares in percent. */
  public double written(double value) {
    return kind.scale.factor * value;
  }

  /** What stands behind a value: percent or nothing. */
  public String unit() {
    return kind.scale.unit;
  }

  /** A value, or a difference of two, with a few digits and without its unit. */
  public String text(double value) {
    double written = written(value);
    return kind.scale == Scale.SHARE
        ? String.format(Locale.ROOT, "%.2f", written)
        : String.format(Locale.ROOT, "%.4g", written);
  }

  /** As configurations spell it. */
  @Override
  public String toString() {
    if (!kind.ofClasses) {
      return kind.spelled();
    }
    return ofClass == null ? MACRO + kind.spelled() : kind.spelled() + "-of-" + ofClass;
  }
}
