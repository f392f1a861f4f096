package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Averaging;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Calibration;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regrowth;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.candidate.Training;
import dev.pare.quantize.Quantizer;
import dev.pare.quantize.Quantizers;
import dev.pare.sparsify.Saliencies;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of students, a description each. A new one is a component of its stage's record, a
 * description here, and an explanation in pare-reference.conf.
 *
 * <p>Their order is that of dimensions, and so of candidates: that of the stages, so that
 * candidates next to each other share the longest beginnings.
 */
public final class StudentSettings {
  private static final Domain<Integer> COUNT = Domain.integers(1, Integer.MAX_VALUE);
  private static final Domain<Integer> COUNT_OR_NONE = Domain.integers(0, Integer.MAX_VALUE);

  /** What architectures of students may be called. */
  static final String ARCHITECTURE_NAME = "[A-Za-z][A-Za-z0-9_-]*";

  private static final Domain<String> ARCHITECTURE =
      new Domain<>(
          "teacher, or the name of one of architectures",
          Start.TEACHER,
          raw -> Optional.of(raw.toString()).filter(name -> name.matches(ARCHITECTURE_NAME)));

  static final List<Setting<?>> ALL =
      List.of(
          new Setting<>("order", Domain.oneOf(StudentSpec.Order.class).orList("-"), "order")
              .dimension("order"),
          new Setting<>("epochs-share", Domain.shareAboveNothing(), "epochsShare")
              .dimension("epochs-share")
              .free(),
          new Setting<>("repeat", COUNT_OR_NONE, trainings("repeat"))
              .otherwise(null)
              .dimension("repeat")
              .free(),

          // A network of its own.
          new Setting<>("architecture", ARCHITECTURE, "start.architecture")
              .dimension("architecture"),
          new Setting<>("width", Domain.shareAboveNothing(), "start.width").dimension("width"),
          epochs("start", "start"),
          learningRate("start", "start"),

          // Low rank.
          new Setting<>(
                  "factorize.method", Domain.oneOf(Factorize.Method.class), "factorize.method")
              .dimension("factorize"),
          new Setting<>("factorize.split", Domain.oneOf(Factorize.Split.class), "factorize.split")
              .dimension("split"),
          new Setting<>("factorize.rank", Domain.shareAboveNothing(), "factorize.rank")
              .dimension("rank")
              .free()
              .effect(
                  Factorize.class,
                  (stage, rank) ->
                      Relevance.takesRanks(stage)
                              && stage.energy() == null
                              && stage.rankBudget() == null
                          ? rank
                          : 1),
          new Setting<>(
                  "factorize.layer-rank",
                  Domain.shareAboveNothing()
                      .listed("a list of numbers above 0, at most 1", List.of(0.2, 1.0)),
                  "factorize.layerRank")
              .otherwise(List.of())
              .dimension("layer-rank"),
          new Setting<>("factorize.energy", Domain.shareAboveNothing(), "factorize.energy")
              .otherwise(null)
              .dimension("energy")
              .free()
              .effect(
                  Factorize.class,
                  (stage, energy) ->
                      Relevance.takesRanks(stage) && stage.rankBudget() == null ? energy : null),
          new Setting<>("factorize.rank-budget", Domain.shareAboveNothing(), "factorize.rankBudget")
              .otherwise(null)
              .dimension("rank-budget")
              .effect(
                  Factorize.class, (stage, budget) -> stage.layerRank().isEmpty() ? budget : null),
          new Setting<>(
                  "factorize.singular-threshold",
                  Domain.properShare(),
                  "factorize.singularThreshold")
              .dimension("singular-threshold")
              .free()
              .effect(
                  Factorize.class,
                  (stage, threshold) ->
                      stage.method() == Factorize.Method.THRESHOLD ? threshold : 0),
          new Setting<>(
                  "factorize.output-layer",
                  Domain.oneOf(Factorize.OutputLayer.class),
                  "factorize.outputLayer")
              .dimension("output-layer")
              .effect(
                  Factorize.class,
                  (stage, layer) ->
                      stage.layerRank().isEmpty() ? layer : Factorize.OutputLayer.KEEP),
          new Setting<>(
                  "factorize.sparse-residual", Domain.properShare(), "factorize.sparseResidual")
              .dimension("sparse-residual"),
          new Setting<>("factorize.calibration", COUNT, "factorize.calibration")
              .effect(
                  Factorize.class,
                  (stage, examples) -> stage.method() == Factorize.Method.ALS ? examples : 1),
          epochs("factorize", "factorize"),
          learningRate("factorize", "factorize"),

          // Sparse activations.
          new Setting<>("activation.kind", Domain.oneOf(Activate.Rule.class), "activate.rule")
              .dimension("activation"),
          new Setting<>("activation.threshold", Domain.notNegative(), "activate.threshold")
              .dimension("threshold")
              .free()
              .effect(
                  Activate.class,
                  (stage, threshold) -> stage.rule() == Activate.Rule.THRESHOLD ? threshold : 0),
          new Setting<>(
                  "activation.top-k-share",
                  Domain.reals("a number above 0 and at most 1", 1, x -> x > 0 && x <= 1),
                  "activate.topKShare")
              .dimension("top-k-share")
              .free()
              .effect(
                  Activate.class,
                  (stage, share) -> stage.rule() == Activate.Rule.TOP_K ? share : 1),
          epochs("activation", "activate"),
          learningRate("activation", "activate"),

          // Penalties.
          new Setting<>(
                  "regularize.penalty",
                  Domain.oneOf(Regularize.Penalty.class),
                  "regularize.penalty")
              .dimension("penalty"),
          new Setting<>("regularize.strength", Domain.penalty(), "regularize.strength")
              .otherwise(null)
              .dimension("strength")
              .free()
              .effect(Regularize.class, (stage, strength) -> stage.lambda()),
          new Setting<>("regularize.ramp", Domain.share(), "regularize.ramp"),
          epochs("regularize", "regularize"),
          learningRate("regularize", "regularize"),

          // Pruning.
          new Setting<>(
                  "prune.initialization",
                  Domain.oneOf(Prune.Initialization.class),
                  "prune.initialization")
              .dimension("initialization"),
          new Setting<>(
                  "prune.saliency",
                  Domain.oneOf(Saliencies.names(), Prune.Saliency::new),
                  "prune.saliency")
              .dimension("saliency")
              .effect(
                  Prune.class,
                  (stage, saliency) ->
                      stage.removesNothing() || Relevance.ranksAsMagnitude(stage, saliency)
                          ? Prune.Saliency.MAGNITUDE
                          : saliency),
          new Setting<>(
                  "prune.granularity",
                  new Domain<>(
                      "weight, N:M as in 2:4, rows x columns of a block as in 4x4, unit, head or"
                          + " layer",
                      Granularity.WEIGHT,
                      raw -> Granularity.parse(raw.toString())),
                  "prune.granularity")
              .dimension("granularity")
              .effect(
                  Prune.class,
                  (stage, granularity) ->
                      stage.removesNothing() ? Granularity.WEIGHT : granularity),
          new Setting<>("prune.scope", Domain.oneOf(Prune.Scope.class), "prune.scope")
              .dimension("scope")
              .effect(
                  Prune.class,
                  (stage, scope) -> Relevance.competes(stage) ? scope : Prune.Scope.LAYER),
          new Setting<>("prune.schedule", Domain.oneOf(Prune.Schedule.class), "prune.schedule")
              .dimension("schedule")
              .effect(
                  Prune.class,
                  (stage, schedule) ->
                      // Rewinding changes weights also where none goes.
                      schedule == Prune.Schedule.REWIND || Relevance.takesTime(stage)
                          ? schedule
                          : Prune.Schedule.ONE_SHOT),
          new Setting<>("prune.sparsity", Domain.properShare(), "prune.sparsity")
              .dimension("sparsity")
              .free()
              .effect(Prune.class, Relevance::sparsity),
          new Setting<>("prune.output-sparsity", Domain.properShare(), "prune.outputSparsity")
              .otherwise(null)
              .dimension("output-sparsity")
              .effect(
                  Prune.class,
                  (stage, share) ->
                      stage.removesNothing() || !stage.layerSparsity().isEmpty() ? null : share),
          new Setting<>(
                  "prune.layer-sparsity",
                  Domain.properShare()
                      .listed("a list of numbers, at least 0 and below 1", List.of(0.9, 0.5)),
                  "prune.layerSparsity")
              .otherwise(List.of())
              .dimension("layer-sparsity")
              .effect(Prune.class, (stage, shares) -> stage.removesNothing() ? List.of() : shares),
          new Setting<>("prune.ramp", Domain.share(), "prune.ramp")
              .dimension("ramp")
              .effect(Prune.class, (stage, ramp) -> Relevance.takesTime(stage) ? ramp : 0),
          new Setting<>("prune.update-interval", COUNT, "prune.regrowth.interval")
              .effect(
                  Prune.class,
                  (stage, steps) -> Relevance.regrows(stage) ? steps : Regrowth.NONE.interval()),
          new Setting<>("prune.update-share", Domain.share(), "prune.regrowth.share")
              .effect(
                  Prune.class,
                  (stage, share) -> Relevance.regrows(stage) ? share : Regrowth.NONE.share()),
          new Setting<>("prune.calibration", COUNT, "prune.calibration.examples")
              .effect(
                  Prune.class,
                  (stage, examples) ->
                      Relevance.asksData(stage) ? examples : Calibration.NONE.examples()),
          new Setting<>("prune.block", Domain.integers(1, 512), "prune.calibration.block")
              .effect(
                  Prune.class,
                  (stage, block) ->
                      Relevance.asksData(stage) && Relevance.updates(stage)
                          ? block
                          : Calibration.NONE.block()),
          new Setting<>("prune.damping", Domain.positive(), "prune.calibration.damping")
              .effect(
                  Prune.class,
                  (stage, damping) ->
                      Relevance.asksData(stage) && Relevance.updates(stage)
                          ? damping
                          : Calibration.NONE.damping()),

          // Training, of all stages but for its length and its step size.
          new Setting<>("temperature", Domain.temperature(), trainings("temperature"))
              .dimension("temperature")
              .free(),
          new Setting<>(
                  "temperature-end", Domain.temperature(), trainings("distillation.temperatureEnd"))
              .otherwise(null)
              .dimension("temperature-end")
              .free(),
          new Setting<>("alpha", Domain.share(), trainings("alpha")).dimension("alpha").free(),
          new Setting<>("alpha-end", Domain.share(), trainings("distillation.alphaEnd"))
              .otherwise(null)
              .dimension("alpha-end")
              .free(),
          new Setting<>(
                  "label-smoothing", Domain.properShare(), trainings("distillation.labelSmoothing"))
              .dimension("label-smoothing")
              .free(),
          new Setting<>(
                  "distillation.loss",
                  Domain.oneOf(Distillation.Loss.class),
                  trainings("distillation.loss"))
              .dimension("distillation")
              .free(),
          new Setting<>(
                  "distillation.logits",
                  Domain.oneOf(Distillation.Logits.class),
                  trainings("distillation.logits"))
              .dimension("logits")
              .free(),
          new Setting<>(
                  "distillation.target-weight",
                  Domain.penalty(),
                  trainings("distillation.targetWeight"))
              .dimension("target-weight")
              .free(),
          new Setting<>(
                  "distillation.other-weight",
                  Domain.penalty(),
                  trainings("distillation.otherWeight"))
              .dimension("other-weight")
              .free(),
          new Setting<>(
                  "distillation.relation",
                  Domain.oneOf(Distillation.Relation.class),
                  trainings("distillation.relation"))
              .dimension("relation")
              .free(),
          new Setting<>(
                  "distillation.relation-weight",
                  Domain.penalty(),
                  trainings("distillation.relationWeight"))
              .otherwise(null)
              .dimension("relation-weight")
              .free(),
          new Setting<>(
                  "average.kind", Domain.oneOf(Averaging.Kind.class), trainings("averaging.kind"))
              .dimension("average")
              .free(),
          new Setting<>("average.from", Domain.properShare(), trainings("averaging.from"))
              .dimension("average-from")
              .free(),
          new Setting<>("average.decay", Domain.properShare(), trainings("averaging.decay"))
              .dimension("average-decay")
              .free(),
          new Setting<>(
                  "adversarial.method",
                  Domain.oneOf(Adversarial.Method.class),
                  trainings("adversarial.method"))
              .dimension("adversarial")
              .free(),
          new Setting<>(
                  "adversarial.radius", Domain.shareAboveNothing(), trainings("adversarial.radius"))
              .dimension("adversarial-radius")
              .free(),
          new Setting<>("adversarial.steps", COUNT, trainings("adversarial.steps")),
          new Setting<>("adversarial.beta", Domain.penalty(), trainings("adversarial.beta"))
              .dimension("adversarial-beta")
              .free(),
          new Setting<>("learning-rate", Domain.positive(), "prune.training.learningRate")
              .dimension("learning-rate")
              .free(),
          new Setting<>("epochs", COUNT_OR_NONE, "prune.training.epochs"),
          new Setting<>("batch", COUNT, trainings("batch")),
          new Setting<>("decay", Domain.oneOf(Training.Decay.class), trainings("decay")),
          new Setting<>("l2", Domain.penalty(), trainings("l2")),

          // Quantization.
          new Setting<>(
                  "quantize.quantizer",
                  Domain.oneOf(Quantizers.names(), Quantize.Quantizer::new),
                  "quantize.quantizer")
              .dimension("quantizer"),
          new Setting<>("quantize.bits", Domain.bits(), "quantize.bits")
              .dimension("bits")
              .effect(
                  Quantize.class,
                  (stage, bits) -> Relevance.uses(stage, Quantizer.Parameter.BITS) ? bits : 1),
          new Setting<>("quantize.group", Domain.group(), "quantize.group")
              .dimension("group")
              .free()
              .effect(
                  Quantize.class,
                  (stage, weights) ->
                      Relevance.uses(stage, Quantizer.Parameter.GROUP)
                          ? weights
                          : Quantize.USUAL_GROUP),
          new Setting<>(
                  "quantize.vector-dimension", Domain.vectorDimension(), "quantize.vectorDimension")
              .dimension("vector-dimension")
              .free()
              .effect(
                  Quantize.class,
                  (stage, weights) ->
                      Relevance.uses(stage, Quantizer.Parameter.VECTOR_DIMENSION)
                          ? weights
                          : Quantize.USUAL_VECTOR_DIMENSION),
          new Setting<>("quantize.rate", Domain.penalty(), "quantize.rate")
              .otherwise(null)
              .dimension("rate")
              .free()
              .effect(
                  Quantize.class,
                  (stage, rate) ->
                      Relevance.uses(stage, Quantizer.Parameter.RATE) ? stage.lambda() : null),
          new Setting<>("quantize.rate-distortion", Domain.penalty(), "quantize.rateDistortion")
              .dimension("rate-distortion")
              .free(),
          new Setting<>(
                  "quantize.rate-distortion-weight",
                  Domain.oneOf(Quantize.Weight.class),
                  "quantize.rateDistortionWeight")
              .dimension("rate-distortion-weight")
              .free()
              .effect(
                  Quantize.class,
                  (stage, weight) -> stage.rateDistortion() == 0 ? Quantize.Weight.NONE : weight),
          new Setting<>(
                  "quantize.activation-bits", Domain.activationBits(), "quantize.activationBits")
              .otherwise(null)
              .dimension("activation-bits")
              .effect(
                  Quantize.class,
                  (stage, bits) -> stage.roundsActivations() ? Quantize.INTEGER_BITS : null),
          epochs("quantize", "quantize"),
          learningRate("quantize", "quantize"),
          new Setting<>(
              "batch-normalization",
              Domain.oneOf(BatchNormalization.class),
              "encode.batchNormalization",
              "quantize.batchNormalization"),

          // The file.
          new Setting<>(
                  "encode.precision", Domain.oneOf(Encode.Precision.class), "encode.precision")
              .dimension("precision")
              .free(),
          new Setting<>(
              "encode.normalization-precision",
              Domain.oneOf(Encode.NormalizationPrecision.class),
              "encode.normalizationPrecision"),
          new Setting<>(
                  "encode.origin",
                  Domain.oneOf(Encode.Origin.class),
                  "encode.origin",
                  "quantize.origin")
              .dimension("origin")
              .free()
              // Quantization asks for it for prices alone.
              .effect(
                  Quantize.class,
                  (stage, origin) -> stage.rateDistortion() == 0 ? Encode.Origin.ON : origin),
          new Setting<>("evaluate.robust-radius", Domain.shareAboveNothing(), "encode.robustRadius")
              .otherwise(null));

  private static final Training UNTRAINED = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);

  private static final Map<Class<?>, RecordPath> TRAININGS = new HashMap<>();

  static {
    for (Class<?> stage :
        List.of(
            Start.class,
            Factorize.class,
            Activate.class,
            Regularize.class,
            Prune.class,
            Quantize.class)) {
      TRAININGS.put(stage, new RecordPath(stage, "training"));
    }
  }

  private StudentSettings() {}

  private static Setting<Integer> epochs(String section, String stage) {
    return new Setting<>(section + ".epochs", COUNT_OR_NONE, stage + ".training.epochs");
  }

  private static Setting<Double> learningRate(String section, String stage) {
    return new Setting<>(
        section + ".learning-rate", Domain.positive(), stage + ".training.learningRate");
  }

  private static String[] trainings(String component) {
    return List.of("prune", "start", "factorize", "activate", "regularize", "quantize").stream()
        .map(stage -> stage + ".training." + component)
        .toArray(String[]::new);
  }

  /** A student as a configuration says. */
  static StudentSpec read(Settings settings) {
    Map<RecordPath, @Nullable Object> values = new HashMap<>();
    ALL.forEach(setting -> setting.read(settings, values));
    // All of its values are exchanged.
    StudentSpec any =
        new StudentSpec(
            new Prune(
                0,
                null,
                Prune.Saliency.MAGNITUDE,
                Prune.Scope.LAYER,
                Prune.Schedule.ONE_SHOT,
                0,
                UNTRAINED),
            new Quantize(Quantize.FLOAT_BITS, Quantize.Quantizer.CODEBOOK, 0, UNTRAINED),
            new Encode(Encode.Precision.FLOAT32));
    return RecordPath.copy(any, values);
  }

  /**
   * The one stage for all that do the same as this one: settings that make no difference are put to
   * one value.
   */
  @SuppressWarnings("unchecked")
  public static <S extends StageSettings> S effective(S stage) {
    Map<RecordPath, @Nullable Object> values = new HashMap<>();
    ALL.forEach(setting -> setting.effect(stage, values));
    RecordPath training = TRAININGS.get(stage.getClass());
    if (training == null) {
      return stage;
    }
    values.put(training, effective((Training) requireNonNull(training.of(stage))));
    return (S) RecordPath.copy((Record) stage, values);
  }

  /** Without training nothing matters. */
  private static Training effective(Training training) {
    return training.epochs() == 0 ? UNTRAINED : training.effective();
  }
}
