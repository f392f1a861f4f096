package dev.pare.export;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.evaluate.Metrics;
import dev.pare.graph.Architecture;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs exported models in ONNX Runtime, as users do, beside Pare's own engine. */
public final class RuntimeCheck {
  /** Between outputs, of the largest one. */
  static final double MOST_DIFFERENCE = 1e-4;

  /** Between metrics: of shares 0.05 points, of others as much of the file's own. */
  static final double MOST_POINTS = 5e-4;

  /** What quantized activations may cost: of shares 0.5 points, of others 0.5 % of them. */
  private static final double MOST_LOSS = 5e-3;

  private static final int INPUTS = 64;

  /** Of how many examples one may differ where a rounding error can make an output jump. */
  private static final int JUMPS = 16;

  /** Examples of which all layers' outputs are kept. */
  private static final int FEW = 8;

  private RuntimeCheck() {}

  /**
   * What a model does on data.
   *
   * @param file the metric of the .pare file
   * @param model the metric of the model in ONNX Runtime
   */
  public record Scores(Estimate file, Estimate model) {}

  /**
   * Compares outputs on random inputs that the network could get, the same each time.
   *
   * @return the largest difference, as a share of the largest output
   * @throws ExportException where one is above 10⁻⁴, naming the first layer that differs
   */
  public static double compare(ExportedModel model) {
    SomeInputs inputs = SomeInputs.of(model.source(), INPUTS);
    return compare(model, inputs);
  }

  /**
   * Compares outputs on some of the examples, and the metric on all of them.
   *
   * @param metric which {@link Metrics#check} lets pass
   * @throws ExportException where outputs differ by more than 10⁻⁴ of the largest one, or metrics
   *     by more than 0.05 points, naming the first layer that differs
   */
  public static Scores compare(ExportedModel model, Examples examples, Metric metric) {
    SomeInputs some = SomeInputs.of(examples, INPUTS);
    compare(model, some);
    Scores scores = scores(model, examples, metric);
    double own = scores.file.value();
    double others = scores.model.value();
    if (!(Math.abs(others - own) <= MOST_POINTS * scale(scores))) {
      throw new ExportException(
          "%s is %s%s in ONNX Runtime, the file's %s%s: at most %s may lie between them; weights are rounded by %.2g %% of their norm; outputs differ %s"
              .formatted(
                  metric,
                  metric.text(others),
                  metric.unit(),
                  metric.text(own),
                  metric.unit(),
                  metric.givesShares() ? "0.05 points" : "0.05 % of it",
                  100 * model.rounding(),
                  firstDifference(model, model.source().toNetwork(), some)));
    }
    return scores;
  }

  /**
   * The metric of a model whose activations are quantized, beside the file's.
   *
   * @throws ExportException where the model's is worse by more than 0.5 points; of metrics that are
   *     no shares, by more than 0.5 % of the file's
   */
  public static Scores compareQuantized(ExportedModel model, Examples examples, Metric metric) {
    Scores scores = scores(model, examples, metric);
    double own = scores.file.value();
    double others = scores.model.value();
    if (!(metric.quality(own) - metric.quality(others) <= MOST_LOSS * scale(scores))) {
      throw new ExportException(
          "%s is %s%s with quantized activations in ONNX Runtime, the file's %s%s: at most %s may be lost"
              .formatted(
                  metric,
                  metric.text(others),
                  metric.unit(),
                  metric.text(own),
                  metric.unit(),
                  metric.givesShares() ? "0.5 points" : "0.5 % of it"));
    }
    return scores;
  }

  private static Scores scores(ExportedModel model, Examples examples, Metric metric) {
    return new Scores(
        Metrics.estimate(metric, examples, Evaluator.logits(model.source(), examples)),
        Metrics.estimate(metric, examples, outputs(model, examples)));
  }

  /** What a difference is a share of. */
  private static double scale(Scores scores) {
    return scores.file.metric().givesShares() ? 1 : Math.abs(scores.file.value());
  }

  /**
   * Compares outputs; the network is the model's, its weights rounded as they are there, but for
   * one with activations of 8 bits: that is computed in integers on either side.
   */
  private static double compare(ExportedModel model, SomeInputs inputs) {
    Network network = model.written();
    int count = inputs.size();
    int outputs = network.architecture().outputs();
    float[] own =
        model.isInteger()
            ? Evaluator.logits(model.source(), inputs)
            : Evaluator.logits(network, inputs);
    float[] others = outputs(model, inputs);
    double largest = largest(own);
    double most = 0;
    int apart = 0;
    for (int i = 0; i < count; i++) {
      double difference = 0;
      for (int o = i * outputs; o < (i + 1) * outputs; o++) {
        difference = Math.max(difference, difference(own[o], others[o]) / largest);
      }
      apart += difference <= MOST_DIFFERENCE ? 0 : 1;
      most = Math.max(most, difference);
    }
    boolean jumps =
        !model.isExact()
            && network.architecture().layers().stream().anyMatch(layer -> !layer.isContinuous());
    if (apart > (jumps ? count / JUMPS : 0)) {
      throw new ExportException(
          "ONNX Runtime's outputs differ by %.2g of the largest one, at most %.0e is allowed; they differ %s"
              .formatted(most, MOST_DIFFERENCE, firstDifference(model, network, inputs)));
    }
    return most;
  }

  private static double largest(float[] values) {
    double largest = Float.MIN_NORMAL;
    for (float value : values) {
      largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    return largest;
  }

  /** What is no number must be none on either side. */
  private static double difference(float one, float other) {
    if (Float.compare(one, other) == 0) {
      return 0;
    }
    double difference = Math.abs((double) one - other);
    return Double.isFinite(difference) ? difference : Double.POSITIVE_INFINITY;
  }

  /** Where the model's layers begin to make something else than the network's. */
  private static String firstDifference(ExportedModel model, Network network, SomeInputs inputs) {
    SomeInputs few = SomeInputs.of(inputs, FEW);
    Architecture architecture = network.architecture();
    List<Layer> layers = architecture.layers();
    if (model.isInteger()) {
      return "in integers, in which single layers cannot be looked at";
    }
    Map<String, float[]> values;
    try (ModelRun run = new ModelRun(model, model.layers())) {
      values = run.values(few.values(), few.size());
    }
    for (int i = 0; i < layers.size() - 1; i++) {
      float[] own = LayerOutputs.of(network, i, few);
      float[] others = Objects.requireNonNull(values.get(model.layers().get(i)));
      double largest = largest(own);
      double most = 0;
      for (int o = 0; o < own.length; o++) {
        most = Math.max(most, difference(own[o], others[o]) / largest);
      }
      if (!(most <= MOST_DIFFERENCE)) {
        return "from layer %d on (%s), by %.2g".formatted(i, layers.get(i).summary(), most);
      }
    }
    return "in the last layer, %d (%s)"
        .formatted(layers.size() - 1, layers.get(layers.size() - 1).summary());
  }

  /** Outputs before a softmax, {@code [examples × outputs]}. */
  private static float[] outputs(ExportedModel model, Examples examples) {
    Architecture architecture = model.source().architecture();
    int features = architecture.input().size();
    int outputs = architecture.outputs();
    int atOnce = Evaluator.batch(architecture);
    float[] all = new float[Math.multiplyExact(examples.size(), outputs)];
    try (ModelRun run = new ModelRun(model, List.of(model.logits()))) {
      for (int from = 0; from < examples.size(); from += atOnce) {
        int count = Math.min(atOnce, examples.size() - from);
        float[] some = new float[count * features];
        for (int i = 0; i < count; i++) {
          examples.copyFeatures(from + i, some, i * features);
        }
        float[] made = run.values(some, count).get(model.logits());
        System.arraycopy(made, 0, all, from * outputs, count * outputs);
      }
    }
    return all;
  }
}
