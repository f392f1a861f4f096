package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.prepare.Preparation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What labels may be: classes, and how many these are, or numbers. Collects the names of classes as
 * a format reads labels, in the order in which they come, {@link #order} being their order in the
 * end; and the numbers, so that each label is to be checked once, example by example.
 */
public final class ClassLabels {
  /** The most classes there may be. */
  static final int MOST = 65_536;

  /** Of a number of this many characters none is a label. */
  private static final int LONGEST_NUMBER = 100;

  private static final Pattern WHOLE =
      Pattern.compile("-?[0-9]{1,%d}([.]0{0,%d})?".formatted(LONGEST_NUMBER, LONGEST_NUMBER));

  private enum Kind {
    COUNTED,
    COUNTED_BELOW,
    NAMED,
    NAMED_AMONG,
    ANOMALIES,
    NONE,
    NUMBERS
  }

  private final Kind kind;
  private final int below;
  private final Map<String, Integer> codes = new HashMap<>();
  private final GrowingFloats numbers = GrowingFloats.onHeap();

  /** How many numbers each example has; 0 while it is not known. */
  private int width;

  private ClassLabels(Kind kind, int below) {
    this.kind = kind;
    this.below = below;
  }

  /** Labels that say by themselves how many classes there are. */
  static ClassLabels ofTraining() {
    return new ClassLabels(Kind.COUNTED, MOST);
  }

  /** Labels of as many classes as the training data have. */
  static ClassLabels within(int classes) {
    return new ClassLabels(Kind.COUNTED_BELOW, classes);
  }

  /** Labels that are names of classes, whatever they are. */
  static ClassLabels named() {
    return new ClassLabels(Kind.NAMED, MOST);
  }

  /** Labels that are names of these classes. */
  static ClassLabels among(List<String> names) {
    ClassLabels labels = new ClassLabels(Kind.NAMED_AMONG, names.size());
    for (String name : names) {
      labels.codes.put(name, labels.codes.size());
    }
    return labels;
  }

  /** Labels of which 0 is what is normal and 1 what is not. */
  static ClassLabels ofAnomalies() {
    return new ClassLabels(Kind.ANOMALIES, 2);
  }

  /** No labels: all examples are of one class. */
  static ClassLabels none() {
    return new ClassLabels(Kind.NONE, 1);
  }

  /** Numbers instead of classes: the code of each is 0. */
  static ClassLabels numbers() {
    return new ClassLabels(Kind.NUMBERS, 1);
  }

  /** Whether there are none to be read. */
  public boolean areNone() {
    return kind == Kind.NONE;
  }

  /** Whether labels are numbers, which need not be whole. */
  public boolean areNumbers() {
    return kind == Kind.NUMBERS;
  }

  /** Whether labels are names, which may be texts. */
  public boolean areNames() {
    return kind == Kind.NAMED || kind == Kind.NAMED_AMONG;
  }

  /** Whether labels are names of whatever classes they say there are, as in training data. */
  boolean areCollected() {
    return kind == Kind.NAMED;
  }

  /** Whether labels are whole numbers that count classes. */
  boolean areCounted() {
    return kind == Kind.COUNTED || kind == Kind.COUNTED_BELOW;
  }

  /**
   * The code of a number that is a label.
   *
   * @param malformed the error of this label, given what is wrong with it
   */
  public int check(double label, Function<String, MalformedDataException> malformed) {
    if (areNumbers()) {
      return number((float) label, String.valueOf(label), malformed);
    }
    if (!Double.isFinite(label)) {
      throw malformed.apply("label " + label + ": must be a whole number");
    }
    return check(new BigDecimal(label), malformed);
  }

  /**
   * The codes of numbers that are labels, several for each example where these are numbers.
   *
   * @param labels {@code [examples × width]}
   * @param malformed the error of these labels, given what is wrong with them
   */
  int[] check(float[] labels, int examples, Function<String, MalformedDataException> malformed) {
    int each = labels.length / examples;
    if (width != 0 && width != each) {
      throw malformed.apply("has targets of " + each + " numbers, those before have " + width);
    }
    width = each;
    for (float label : labels) {
      add(label, malformed);
    }
    return new int[examples];
  }

  private int number(float label, String text, Function<String, MalformedDataException> malformed) {
    if (!Float.isFinite(label)) {
      throw malformed.apply("target " + text + ": is not a finite float");
    }
    width = 1;
    add(label, malformed);
    return 0;
  }

  private void add(float label, Function<String, MalformedDataException> malformed) {
    if (numbers.size() == FeatureStorage.LONGEST_ARRAY) {
      throw malformed.apply("more than " + FeatureStorage.LONGEST_ARRAY + " numbers of targets");
    }
    numbers.addRow(1);
    numbers.set(1, label);
  }

  /** The numbers of all labels that were checked, {@code [examples × numbers of a target]}. */
  float[] targets() {
    return numbers.toArray();
  }

  /**
   * The code of a whole number that is a label; of any number where labels are these.
   *
   * @param malformed the error of this label, given what is wrong with it
   */
  public int check(BigDecimal label, Function<String, MalformedDataException> malformed) {
    if (areNumbers()) {
      return number(label.floatValue(), label.toString(), malformed);
    }
    if (areNames()) {
      BigDecimal stripped = label.stripTrailingZeros();
      if (stripped.scale() > 0 || stripped.precision() - stripped.scale() > LONGEST_NUMBER) {
        throw malformed.apply("label " + label + ": must be a whole number");
      }
      return code(stripped.toBigInteger().toString(), malformed);
    }
    BigDecimal stripped = label.stripTrailingZeros();
    if (stripped.scale() > 0 || stripped.signum() < 0) {
      throw malformed.apply("label " + label + ": must be an integer from 0" + hint());
    }
    if (stripped.compareTo(BigDecimal.valueOf(below)) >= 0) {
      throw malformed.apply("label " + label + ": must be below " + below + reason());
    }
    return stripped.intValueExact();
  }

  /**
   * The code of a text that is a label.
   *
   * @param malformed the error of this label, given what is wrong with it
   */
  public int check(String label, Function<String, MalformedDataException> malformed) {
    if (areNames()) {
      return code(label, malformed);
    }
    if (label.length() > LONGEST_NUMBER) {
      throw malformed.apply(
          "a label of " + label.length() + " characters: at most " + LONGEST_NUMBER);
    }
    if (areNumbers()) {
      return number(Preparation.finite(label), label, malformed);
    }
    BigDecimal number;
    try {
      number = new BigDecimal(label);
    } catch (NumberFormatException e) {
      throw malformed.apply("the label " + label + " is no number that can be held" + hint());
    }
    return check(number, malformed);
  }

  private String hint() {
    return kind == Kind.ANOMALIES ? reason() : " (data.classes = named takes any labels)";
  }

  private String reason() {
    return switch (kind) {
      case COUNTED_BELOW -> " as in the training data";
      case ANOMALIES -> ": 0 is normal, 1 is not";
      default -> ", the most classes there may be";
    };
  }

  private int code(String name, Function<String, MalformedDataException> malformed) {
    Integer known = codes.get(name);
    if (known != null) {
      return known;
    }
    if (kind == Kind.NAMED_AMONG) {
      throw malformed.apply("label \"" + name + "\": is no class of the training data");
    }
    if (codes.size() == MOST) {
      throw malformed.apply("more than " + MOST + " classes");
    }
    if (name.isEmpty() || name.length() > Preparation.LONGEST_NAME) {
      throw malformed.apply(
          "a label of " + name.length() + " characters: must be 1 to " + Preparation.LONGEST_NAME);
    }
    codes.put(name, codes.size());
    return codes.size() - 1;
  }

  /** How many classes there are, given all labels. */
  int classes(int[] labels) {
    if (kind == Kind.COUNTED) {
      return IntStream.of(labels).max().orElse(-1) + 1;
    }
    return areNames() ? codes.size() : below;
  }

  /**
   * The names of the classes in their order: numbers by value if all are whole numbers, also with
   * zeros behind a point, as pandas writes whole numbers of a column that once lacked some; texts
   * by their characters. Empty where classes are only counted.
   */
  List<String> names() {
    List<String> names = new ArrayList<>(codes.keySet());
    if (kind == Kind.NAMED_AMONG) {
      names.sort(Comparator.comparing(codes::get));
    } else if (names.stream().allMatch(WHOLE.asMatchPredicate())) {
      names.sort(Comparator.<String, BigDecimal>comparing(BigDecimal::new).thenComparing(n -> n));
    } else {
      names.sort(Comparator.naturalOrder());
    }
    return List.copyOf(names);
  }

  /** Whether names that are no integers as they stand are in an order of numbers, not of texts. */
  boolean areWholeDecimals() {
    List<String> names = names();
    List<String> byText = names.stream().sorted().toList();
    return areCollected()
        && names.stream().anyMatch(name -> name.indexOf('.') >= 0)
        && !names.equals(byText);
  }

  /** The class of each code. */
  int[] order() {
    List<String> names = names();
    int[] order = new int[names.size()];
    for (int i = 0; i < order.length; i++) {
      order[requireNonNull(codes.get(names.get(i)))] = i;
    }
    return order;
  }
}
