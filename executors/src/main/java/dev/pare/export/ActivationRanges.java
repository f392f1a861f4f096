package dev.pare.export;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Architecture;
import dev.pare.graph.Mask;
import dev.pare.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a model has in 8 bits what its layers read: by the affine scheme of Jacob et al. 2018, {@code
 * value = scale · (q − zero)} with q from 0 to 255, one scale a tensor, and zero exact.
 *
 * <p>Calibrated on training examples. Values beyond a range become its ends: a range is, of those
 * that are narrower than the values' by the same share at both ends, the one of least mean squared
 * error (Banner et al. 2019), the error of rounding being even within a step.
 */
public final class ActivationRanges {
  /** Training examples that ranges follow from, evenly spaced. */
  private static final int EXAMPLES = 512;

  private static final int BINS = 2048;

  /** Of the hundredths that a range may keep of the values' own, the least. */
  private static final int LEAST_PERCENT = 10;

  private static final int LEVELS = 255;

  /** A layer may have the scale of what it reads if its own is not finer than by this factor. */
  private static final float MOST_COARSER = 4;

  /**
   * One tensor's.
   *
   * @param scale from one level to the next
   * @param zero the level of 0
   */
  record Range(float scale, int zero) {
    /** Whether no level is of a number below 0. */
    boolean isNeverNegative() {
      return zero == 0;
    }

    /** From {@code low}, at most 0, to {@code high}, at least 0. */
    static Range of(double low, double high) {
      float scale = (float) ((high - low) / LEVELS);
      return scale > 0 ? new Range(scale, (int) Math.round(-low / scale)) : new Range(1, 0);
    }
  }

  private final @Nullable Range input;
  private final List<@Nullable Range> layers;
  private final int examples;

  private ActivationRanges(@Nullable Range input, List<@Nullable Range> layers, int examples) {
    this.input = input;
    this.layers = layers;
    this.examples = examples;
  }

  /**
   * Those of a model's values on training examples.
   *
   * @param model with floats
   * @param training of which some are taken, at least one
   * @throws ExportException if ONNX Runtime cannot run the model, or a layer makes what is no
   *     finite number
   */
  public static ActivationRanges of(ExportedModel model, Examples training) {
    int count = Math.min(EXAMPLES, training.size());
    SomeInputs examples = SomeInputs.spaced(training, count);
    Architecture architecture = model.source().architecture();
    int layers = architecture.nodes().size();
    List<Histogram> values = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      values.add(new Histogram());
    }
    try (ModelRun run = new ModelRun(model, model.layers())) {
      eachBatch(model, run, examples, values, Histogram::widen);
      eachBatch(model, run, examples, values, Histogram::count);
    }
    boolean[] tokens = tokens(architecture);
    Histogram read = input(architecture, examples);
    Range input = tokens[layers] ? null : range(read, "the input");
    List<@Nullable Range> ranges = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      Node node = architecture.nodes().get(i);
      Histogram own = values.get(i);
      Range range = range(own, "layer %d (%s)".formatted(i, node.layer().summary()));
      if (node.inputs().size() == 1 && architecture.tensors(i).isEmpty()) {
        int from = node.inputs().get(0);
        boolean first = from == Node.NETWORK_INPUT;
        Range before = first ? input : ranges.get(from);
        // What only picks values, or averages them, is done with the whole numbers themselves.
        if (before != null
            && own.isWithin(first ? read : values.get(from))
            && range.scale() * MOST_COARSER >= before.scale()) {
          range = before;
        }
      }
      // What a mask hides is too far from all else for so few levels.
      ranges.add(tokens[i] || node.layer() instanceof Mask ? null : range);
    }
    return new ActivationRanges(input, ranges, count);
  }

  private static Range range(Histogram values, String what) {
    return values
        .range()
        .orElseThrow(
            () -> new ExportException(what + " has what is no finite number: it has no range"));
  }

  /** Which layers make tokens, and at last whether the network reads some. */
  private static boolean[] tokens(Architecture architecture) {
    int layers = architecture.nodes().size();
    boolean[] tokens = new boolean[layers + 1];
    for (int i = layers - 1; i >= 0; i--) {
      Node node = architecture.nodes().get(i);
      if (tokens[i] || node.layer().vocabulary().isPresent()) {
        node.inputs().forEach(from -> tokens[from == Node.NETWORK_INPUT ? layers : from] = true);
      }
    }
    return tokens;
  }

  private interface Use {
    void of(Histogram histogram, float[] values);
  }

  private static void eachBatch(
      ExportedModel model, ModelRun run, SomeInputs examples, List<Histogram> values, Use use) {
    Architecture architecture = model.source().architecture();
    int features = architecture.input().size();
    int atOnce = Evaluator.batch(architecture);
    for (int from = 0; from < examples.size(); from += atOnce) {
      int count = Math.min(atOnce, examples.size() - from);
      float[] some = new float[count * features];
      System.arraycopy(examples.values(), from * features, some, 0, some.length);
      Map<String, float[]> made = run.values(some, count);
      for (int i = 0; i < values.size(); i++) {
        use.of(values.get(i), requireNonNull(made.get(model.layers().get(i))));
      }
    }
  }

  /** What the first layers read. */
  private static Histogram input(Architecture architecture, SomeInputs examples) {
    float[] features = examples.values().clone();
    for (int i = 0; i < features.length; i++) {
      features[i] /= architecture.input().divisor();
    }
    Histogram histogram = new Histogram();
    histogram.widen(features);
    histogram.count(features);
    return histogram;
  }

  /** Of how many training examples. */
  public int examples() {
    return examples;
  }

  /** Of what the first layers read, if they read numbers. */
  Optional<Range> input() {
    return Optional.ofNullable(input);
  }

  /** Of what a layer makes, its activation included; none of tokens and masks. */
  Optional<Range> layer(int index) {
    return Optional.ofNullable(layers.get(index));
  }

  /** How often values occur. */
  static final class Histogram {
    private final long[] counts = new long[BINS];
    private double low;
    private double high;

    /** Has the bins reach these values, before any is counted. */
    void widen(float[] values) {
      for (float value : values) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }

    /** Counts values that are not zero, which every range has. */
    void count(float[] values) {
      double width = width();
      for (float value : values) {
        if (value != 0 && width > 0) {
          counts[(int) Math.min(BINS - 1, (value - low) / width)]++;
        }
      }
    }

    /** Whether no value is beyond all of the other's. */
    boolean isWithin(Histogram other) {
      return low >= other.low && high <= other.high;
    }

    private double width() {
      return (high - low) / BINS;
    }

    /** The one of least error; none if a value was no finite number. */
    Optional<Range> range() {
      if (!Double.isFinite(low) || !Double.isFinite(high)) {
        return Optional.empty();
      }
      int best = 100;
      for (int percent = 99; percent >= LEAST_PERCENT; percent--) {
        if (error(percent) < error(best)) {
          best = percent;
        }
      }
      return Optional.of(Range.of(low * best / 100, high * best / 100));
    }

    /** Sum of the squared errors. */
    private double error(int percent) {
      double from = low * percent / 100;
      double to = high * percent / 100;
      double step = (to - from) / LEVELS;
      double error = 0;
      for (int i = 0; i < BINS; i++) {
        double value = low + (i + 0.5) * width();
        double beyond = Math.max(0, Math.max(from - value, value - to));
        error += counts[i] * (beyond > 0 ? beyond * beyond : step * step / 12);
      }
      return error;
    }
  }
}
