package dev.pare.plan;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Activate;
import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.candidate.Training;
import dev.pare.examine.RobustError;
import dev.pare.pipeline.StageReport;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Predicts how long stages take.
 *
 * <p>A guess comes first: multiply-adds of the training, at a rate that an ordinary processor core
 * reaches, and a bit for each parameter. Each kind of stage then has a factor, the seconds that
 * finished stages of the kind took over the seconds guessed for them. The guess itself counts as
 * one stage, so that the first one does not decide alone.
 */
public final class CostModel implements StageCosts {
  private static final double MULTIPLY_ADDS_A_SECOND = 4e10;

  /** A training step is the way forward, and the way back twice: to inputs and to weights. */
  private static final int WAYS = 3;

  /** Decompositions of a few hundred rows; of more they take longer. */
  private static final double FACTORIZE_SECONDS_A_PARAMETER = 4e-6;

  /** Without the training: thresholds, reductions, writing a file. */
  private static final double PRUNE_SECONDS_A_PARAMETER = 2e-7;

  /** Clustering, and a file. */
  private static final double QUANTIZE_SECONDS_A_PARAMETER = 4e-7;

  /** Ordering, coding, decoding. */
  private static final double ENCODE_SECONDS_A_PARAMETER = 2e-6;

  /** Reading, writing, and what else a stage needs whatever the network. */
  private static final double LEAST_SECONDS = 0.003;

  private final Workload workload;
  private final Map<ArchitectureForm, Workload> ofOthers = new HashMap<>();
  private final Map<StageSettings.Kind, Seen> seen = new EnumMap<>(StageSettings.Kind.class);

  private static final class Seen {
    private long stages;
    private double seconds;
    private double guessed;
  }

  /**
   * @param workload of students that began with the teacher
   */
  public CostModel(Workload workload) {
    this.workload = requireNonNull(workload, "workload is null");
    for (StageSettings.Kind kind : StageSettings.Kind.values()) {
      seen.put(kind, new Seen());
    }
  }

  /** How long a stage is going to take. */
  public double seconds(StageTree.Stage stage) {
    return seconds(stage.settings(), stage.start().orElse(null));
  }

  @Override
  public double seconds(StageSettings stage, @Nullable ArchitectureForm start) {
    return factor(stage.kind()) * guess(stage, workload(start));
  }

  private Workload workload(@Nullable ArchitectureForm start) {
    return start == null
        ? workload
        : ofOthers.computeIfAbsent(start, form -> workload.startingWith(Optional.of(form)));
  }

  /** How long an epoch of a student takes on one slot, by the first guess. */
  public double epochSeconds() {
    return WAYS * multiplyAdds(workload.examples(), workload);
  }

  /** What stages of a kind took over what was guessed: 2 if they took twice as long. */
  public double factor(StageSettings.Kind kind) {
    Seen of = seen(kind);
    if (of.stages == 0) {
      return 1;
    }
    double usual = of.guessed / of.stages;
    return (of.seconds + usual) / (of.guessed + usual);
  }

  /** How many finished stages of a kind the factor comes from. */
  public long stages(StageSettings.Kind kind) {
    return seen(kind).stages;
  }

  /**
   * Takes account of a finished stage, and of those before it that its report has the seconds of.
   *
   * @return whether there was anything to learn: not from a failure
   */
  public boolean learn(StageTree.Stage stage, StageReport report) {
    if (report.failure() != null) {
      return false;
    }
    Map<StageSettings.Kind, Double> seconds = new EnumMap<>(StageSettings.Kind.class);
    seconds.putAll(report.seconds());
    Optional<StageTree.Stage> next = Optional.of(stage);
    boolean learned = false;
    while (next.isPresent()) {
      StageSettings settings = next.get().settings();
      Double taken = seconds.remove(settings.kind());
      if (taken == null) {
        return learned;
      }
      Seen of = seen(settings.kind());
      of.stages++;
      of.seconds += taken;
      of.guessed += guess(settings, workload(stage.start().orElse(null)));
      learned = true;
      next = next.get().parent();
    }
    return learned;
  }

  private Seen seen(StageSettings.Kind kind) {
    return requireNonNull(seen.get(kind));
  }

  private static double guess(StageSettings stage, Workload workload) {
    double parameters = workload.parameters();
    double own =
        switch (stage.kind()) {
          case START ->
              training(((Start) stage).training(), workload)
                  + PRUNE_SECONDS_A_PARAMETER * parameters;
          case FACTORIZE ->
              training(((Factorize) stage).training(), workload)
                  + FACTORIZE_SECONDS_A_PARAMETER * parameters;
          case ACTIVATE ->
              training(((Activate) stage).training(), workload)
                  + PRUNE_SECONDS_A_PARAMETER * parameters;
          case REGULARIZE ->
              training(((Regularize) stage).training(), workload)
                  + PRUNE_SECONDS_A_PARAMETER * parameters;
          case PRUNE ->
              training(((Prune) stage).training(), workload)
                  + PRUNE_SECONDS_A_PARAMETER * parameters;
          case QUANTIZE ->
              training(((Quantize) stage).training(), workload)
                  + QUANTIZE_SECONDS_A_PARAMETER * parameters;
          case ENCODE ->
              multiplyAdds(workload.validation(), workload)
                  + attacks((Encode) stage, workload)
                  + ENCODE_SECONDS_A_PARAMETER * parameters;
        };
    return LEAST_SECONDS + own;
  }

  private static double training(Training training, Workload workload) {
    return training.epochs()
        * training.adversarial().passes()
        * WAYS
        * multiplyAdds(workload.examples(), workload);
  }

  private static double attacks(Encode stage, Workload workload) {
    int examples = Math.min(RobustError.MOST_EXAMPLES, workload.validation());
    return stage.robustRadius() == null
        ? 0
        : WAYS * multiplyAdds((double) RobustError.passes() * examples, workload);
  }

  private static double multiplyAdds(double examples, Workload workload) {
    return examples * workload.multiplyAdds() / MULTIPLY_ADDS_A_SECOND;
  }
}
