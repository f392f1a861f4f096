package dev.pare.train;

import dev.pare.candidate.Registry;
import dev.pare.graph.Architecture;
import dev.pare.layers.LayerGraph;
import java.util.List;
import java.util.function.Predicate;

/** The kinds of engines there are; the only place that makes engines. */
public final class Engines {
  private static final Registry<EngineKind> KINDS =
      Registry.of(
          "engine",
          EngineKind.class,
          EngineKind::name,
          List.of(new PassEngine.Kind(), new Dl4jEngine.Kind()));

  /**
   * What the buffers of a batch may take where any batch will do, unless one example takes more.
   */
  private static final long BUDGET_BYTES = 128L << 20;

  private Engines() {}

  /** All names. */
  public static List<String> names() {
    return KINDS.names();
  }

  /**
   * The kind of a name.
   *
   * @throws IllegalArgumentException naming those that there are, if there is none
   */
  public static EngineKind kind(String name) {
    return KINDS.of(name);
  }

  /**
   * An engine for batches of up to {@code largestBatch} examples, of the last kind that this
   * machine prefers of those that can run the architecture.
   */
  public static Engine of(Architecture architecture, int largestBatch) {
    return kind(architecture, kind -> true).open(architecture, largestBatch);
  }

  /** The same of the kinds that show what layers read. */
  public static Engine showingInputs(Architecture architecture, int largestBatch) {
    return kind(architecture, EngineKind::showsInputs).open(architecture, largestBatch);
  }

  private static EngineKind kind(Architecture architecture, Predicate<EngineKind> wanted) {
    return names().stream()
        .map(Engines::kind)
        .filter(kind -> kind.isPreferred() && wanted.test(kind) && kind.runs(architecture))
        .reduce((one, other) -> other)
        .orElseThrow();
  }

  /** How many examples, at most {@code most}, have their outputs computed at once. */
  public static int inferenceBatch(Architecture architecture, int most) {
    return (int) Math.max(1, Math.min(most, BUDGET_BYTES / inferenceBytes(architecture)));
  }

  /** Bytes of an engine's buffers for each example of a batch, of outputs alone. */
  public static long inferenceBytes(Architecture architecture) {
    return Float.BYTES * (new LayerGraph(architecture, 1).inferenceFloats() + ends(architecture));
  }

  /** Bytes of an engine's buffers for each example of a batch in training. */
  public static long trainingBytes(Architecture architecture) {
    // Before weights are few features are read as floats, and then as bytes where they are these.
    return architecture.input().size()
        + Float.BYTES * (new LayerGraph(architecture, 1).trainingFloats() + ends(architecture));
  }

  /** The features, and logits with room for their gradient. */
  private static long ends(Architecture architecture) {
    return architecture.input().size() + 2L * architecture.outputs();
  }
}
