package dev.pare.export;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelPooling;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Crop;
import dev.pare.graph.Interpolation;
import dev.pare.graph.Mask;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Quantization;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Reversal;
import dev.pare.graph.Softmax;
import dev.pare.graph.ZeroPadding;
import dev.pare.quantize.ActivationHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Scales and zero points of a model's activations, for post-training static quantization to 8 bits
 * (Jacob et al. 2018): {@code value = scale · (q − zero)} with q from 0 to 255, one scale and one
 * zero point a tensor, and 0 exact.
 *
 * <p>They are calibrated on training examples ({@link ActivationHistogram}).
 */
public final class ActivationRanges {
  /** Training examples to calibrate on, evenly spaced; fewer where they have many features. */
  private static final int EXAMPLES = 512;

  private static final int MOST_FEATURES = 1 << 24;

  /** Layers that pick values of their input, or average them: they keep its scale. */
  private static final Set<Class<?>> MOVING =
      Set.of(
          Pooling.class,
          ChannelPooling.class,
          ChannelSelection.class,
          Crop.class,
          Reversal.class,
          Rearrangement.class,
          ZeroPadding.class,
          Interpolation.class);

  /** A layer may have the scale of what it reads if its own is not finer than by this factor. */
  private static final float MOST_COARSER = 4;

  private final @Nullable Quantization input;
  private final List<@Nullable Quantization> layers;
  private final int examples;

  private ActivationRanges(
      @Nullable Quantization input, List<@Nullable Quantization> layers, int examples) {
    this.input = input;
    this.layers = layers;
    this.examples = examples;
  }

  /**
   * Calibrates a model.
   *
   * @param model with floats
   * @param training of which some are taken, at least one
   * @throws ExportException if the examples do not fit the model, ONNX Runtime cannot run it, it
   *     has levels already, or a layer makes what is no finite number
   */
  public static ActivationRanges of(ExportedModel model, Examples training) {
    Architecture architecture = model.source().architecture();
    if (Quantization.isIn(architecture)) {
      throw new ExportException(
          "the file's activations have 8 bits already: leave out --activations, integers are"
              + " exported as they are");
    }
    int features = architecture.input().size();
    if (training.features() != features) {
      throw new ExportException(
          "the training examples have %d features, the network reads %d"
              .formatted(training.features(), features));
    }
    int count =
        Math.min(training.size(), Math.min(EXAMPLES, Math.max(1, MOST_FEATURES / features)));
    SomeInputs examples = SomeInputs.spaced(training, count);
    int layers = architecture.nodes().size();
    List<ActivationHistogram> values = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      values.add(new ActivationHistogram());
    }
    try (ModelRun run = new ModelRun(model, model.layers())) {
      eachBatch(model, run, examples, values, ActivationHistogram::widen);
      eachBatch(model, run, examples, values, ActivationHistogram::count);
    }
    boolean[] tokens = tokens(architecture);
    Quantization input = tokens[layers] ? null : range(input(architecture, examples), "the input");
    List<@Nullable Quantization> ranges = new ArrayList<>();
    // What a mask has hidden is too far from all else for 8 bits, until a softmax makes it 0.
    boolean[] hidden = new boolean[layers];
    for (int i = 0; i < layers; i++) {
      Node node = architecture.nodes().get(i);
      ActivationHistogram own = values.get(i);
      Quantization range = range(own, "layer %d (%s)".formatted(i, node.layer().summary()));
      if (MOVING.contains(node.layer().getClass())) {
        int from = node.inputs().get(0);
        Quantization before = from == Node.NETWORK_INPUT ? input : ranges.get(from);
        // By one scale these layers are done with the whole numbers themselves.
        if (before != null && range.scale() * MOST_COARSER >= before.scale()) {
          range = before;
        }
      }
      hidden[i] =
          node.layer() instanceof Mask
              || !(node.layer() instanceof Softmax)
                  && node.inputs().stream()
                      .anyMatch(from -> from != Node.NETWORK_INPUT && hidden[from]);
      ranges.add(tokens[i] || hidden[i] ? null : range);
    }
    return new ActivationRanges(input, ranges, count);
  }

  private static Quantization range(ActivationHistogram values, String what) {
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
    void of(ActivationHistogram histogram, float[] values);
  }

  private static void eachBatch(
      ExportedModel model,
      ModelRun run,
      SomeInputs examples,
      List<ActivationHistogram> values,
      Use use) {
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
  private static ActivationHistogram input(Architecture architecture, SomeInputs examples) {
    float[] features = examples.values().clone();
    for (int i = 0; i < features.length; i++) {
      features[i] /= architecture.input().divisor();
    }
    ActivationHistogram histogram = new ActivationHistogram();
    histogram.widen(features);
    histogram.count(features);
    return histogram;
  }

  /** How many training examples it was calibrated on. */
  public int examples() {
    return examples;
  }

  /** Of what the first layers read; none of tokens. */
  Optional<Quantization> input() {
    return Optional.ofNullable(input);
  }

  /**
   * Of what a layer makes, its activation included; none of tokens and of what masks have hidden.
   */
  Optional<Quantization> layer(int index) {
    return Optional.ofNullable(layers.get(index));
  }
}
