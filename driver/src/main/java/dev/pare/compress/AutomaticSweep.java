package dev.pare.compress;

import dev.pare.candidate.Metric;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Embedding;
import dev.pare.graph.GroupNormalization;
import dev.pare.graph.LayerNormalization;
import dev.pare.plan.CostModel;
import dev.pare.plan.Workload;
import dev.pare.run.PlannedWorkload;
import dev.pare.search.SearchSettings;
import dev.pare.spec.SpecBuilder;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A sweep for a network of which nothing is known but the data it is for and the time there is: a
 * space of what works for most networks, and a search of it. It is a specification like any other.
 *
 * <p>How long students are trained follows from the time: so that about {@value #CANDIDATES} of
 * them fit in, as far as their time can be guessed from the network's multiply-adds and the
 * examples.
 */
public final class AutomaticSweep {
  /** Enough for a search to learn from, few enough for students to be trained well. */
  private static final int CANDIDATES = 30;

  /** Of the time there is what stages may take once all is read: slots wait now and then. */
  private static final double STAGES_SHARE = 0.95;

  /** For reading, testing and reporting, but no more than half of the time. */
  private static final double OTHER_SECONDS = 20;

  private static final int MOST_EPOCHS = 16;

  /** Epochs of a whole student for each one of its quantizing stage, which is half of the work. */
  private static final int QUANTIZE_PART = 2;

  /** So many steps an epoch at least, as far as batches can be smaller. */
  private static final int STEPS = 200;

  private static final int LEAST_BATCH = 16;
  private static final int MOST_BATCH = 128;

  /** Weights that the sparsest students have left. */
  private static final double FEWEST_WEIGHTS = 200;

  /**
   * Of the loss that is allowed what the search looks at: files that lose a little more show where
   * those that do not are to be found, and the best student is better than the network now and
   * then.
   */
  private static final double LOOKED_AT = 2;

  private static final double MOST_SPARSITY = 0.98;

  /** Rates of a network of a kilobyte, one byte a weight. */
  private static final double LEAST_RATE = 1;

  private static final double MOST_RATE = 200;

  private final Supplier<SpecBuilder> base;
  private final Architecture network;
  private final Workload workload;
  private final List<String> overrides;
  private final Metric metric;
  private final boolean integers;

  private AutomaticSweep(
      Supplier<SpecBuilder> base,
      List<String> overrides,
      Architecture network,
      Workload workload,
      SweepSpec first) {
    this.base = base;
    this.overrides = List.copyOf(overrides);
    this.network = network;
    this.workload = workload;
    this.metric = first.metric();
    this.integers = first.student().quantize().roundsActivations();
  }

  /**
   * Reads the network and the data.
   *
   * @param data gives a new builder that knows where the data are, such as {@link
   *     FoundData#builder}
   * @param model a file of a trained network, any Hadoop path
   * @param out for the results, any Hadoop path
   * @param overrides {@code key=value} each, which win over all else
   * @throws IOException if a file cannot be read
   * @throws dev.pare.data.DataException if the data or the network cannot be used
   * @throws dev.pare.spec.InvalidSpecException if settings do not fit together
   */
  public static AutomaticSweep of(
      Supplier<SpecBuilder> data, String model, String out, List<String> overrides)
      throws IOException {
    Supplier<SpecBuilder> base = () -> data.get().set("teacher.model", model).set("sweep.out", out);
    // What is set may be of a search.
    SpecBuilder first = base.get().with("search { strategy = gaussian-process, budget = 1 }");
    overrides.forEach(first::override);
    SweepSpec spec = first.build();
    PlannedWorkload planned = PlannedWorkload.of(spec);
    return new AutomaticSweep(base, overrides, planned.network(), planned.workload(), spec);
  }

  /** What files are judged by. */
  public Metric metric() {
    return metric;
  }

  /**
   * The specification.
   *
   * @param seconds that the whole sweep may take
   * @param slots tasks that run at once, at least 1
   * @param maxLoss how much worse than the network the file that is wanted may be: percentage
   *     points of a share, else in the metric's own unit; infinite without such a limit
   */
  public SweepSpec spec(double seconds, int slots, double maxLoss) {
    double stages = STAGES_SHARE * Math.max(seconds - OTHER_SECONDS, seconds / 2) * slots;
    int epochs = epochs(stages);
    int quantize = Math.max(1, epochs / QUANTIZE_PART);
    SpecBuilder builder =
        base.get()
            .with(space())
            .with(
                """
                student {
                  epochs = %d
                  batch = %d
                  prune.scope = %s
                  quantize { epochs = %d, learning-rate = 0.001 }
                }
                search { strategy = gaussian-process, budget = %d, population = %d }
                """
                    .formatted(
                        Math.max(1, epochs - quantize),
                        batch(),
                        scope(),
                        quantize,
                        Math.max(1, Math.round(stages)),
                        Math.max(slots + slots / 2, SearchSettings.LEAST_POPULATION)));
    overrides.forEach(builder::override);
    SearchSettings search = builder.build().search();
    if (search.looksAtLoss()
        && search.maxLoss() == null
        && maxLoss > 0
        && maxLoss < Double.POSITIVE_INFINITY) {
      builder.set("search.max-loss", LOOKED_AT * maxLoss);
    }
    return builder.build();
  }

  private int epochs(double seconds) {
    double each = seconds / CANDIDATES;
    double epochs = each / new CostModel(workload).epochSeconds();
    return (int) Math.max(2, Math.min(MOST_EPOCHS, epochs));
  }

  private int batch() {
    int batch = MOST_BATCH;
    while (batch > LEAST_BATCH && workload.examples() / batch < STEPS) {
      batch /= 2;
    }
    return batch;
  }

  /**
   * Normalized layers and embeddings have weights of any scale: one threshold for all would leave
   * some of them none.
   */
  private String scope() {
    boolean scaled =
        network.layers().stream()
            .anyMatch(
                layer ->
                    layer instanceof BatchNormalization
                        || layer instanceof GroupNormalization
                        || layer instanceof LayerNormalization
                        || layer instanceof Embedding);
    return scaled ? "erdos-renyi-kernel" : "global";
  }

  /**
   * Both ways to few bits, from networks that are pruned more and less: a codebook, or where all is
   * to be integers equal steps, and the bits of the file in the loss. Of the latter's rates those
   * that can matter follow from the network's size: a rate is the loss that a kilobyte is worth.
   * Sparsities are few, as all that begin from one share its training.
   */
  private String space() {
    double kilobytes = workload.parameters() / 1024.0;
    return """
        space {
          sparsity = { from = 0.3, to = %s, scale = logit, levels = 6 }
          quantizer = [entropy-penalized, %s]
          rate = { from = %s, to = %s, scale = log, levels = 12 }
          bits = [3, 4]
        }
        """
        .formatted(
            text(
                Math.max(0.5, Math.min(MOST_SPARSITY, 1 - FEWEST_WEIGHTS / workload.parameters()))),
            integers ? "gptq" : "codebook",
            text(LEAST_RATE / kilobytes),
            text(MOST_RATE / kilobytes));
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
