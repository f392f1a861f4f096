package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Distillation;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Task;
import dev.pare.candidate.Training;
import dev.pare.data.ConstantFeatures;
import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Initialization;
import dev.pare.graph.Network;
import dev.pare.prepare.Preparation;
import dev.pare.sparsify.CalibrationSource;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.train.BatchLoss;
import dev.pare.train.DistillationLoss;
import dev.pare.train.InputSpace;
import dev.pare.train.RelationLoss;
import dev.pare.train.SquaredLoss;
import dev.pare.train.TargetScale;
import dev.pare.train.TrainingDevice;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What students learn from: examples with the teacher's logits, and the examples that judge them.
 * Shared, read-only.
 */
public final class DistillationData {
  private final Examples examples;
  private final int originals;
  private final Examples validation;
  private final float[] logits;
  private final ConstantFeatures constants;
  private final Space space;
  private final @Nullable Origin origin;
  private final Preparation preparation;
  private final Metric metric;
  private final @Nullable TrainingDevice device;

  /**
   * Where a teacher comes from.
   *
   * @param seed of its first weights, or null if it was not trained by Pare
   */
  public record Origin(Architecture architecture, @Nullable Long seed) {
    public Origin {
      requireNonNull(architecture, "architecture is null");
    }
  }

  /**
   * @param examples all variants of the training examples, variant-major
   * @param originals how many examples an epoch has
   * @param logits the teacher's, {@code [examples × outputs]}; kept, not copied
   */
  public DistillationData(Examples examples, int originals, Examples validation, float[] logits) {
    this(examples, originals, validation, logits, null);
  }

  /**
   * @param origin of the teacher, if it is known
   */
  public DistillationData(
      Examples examples,
      int originals,
      Examples validation,
      float[] logits,
      @Nullable Origin origin) {
    this(
        examples,
        originals,
        validation,
        logits,
        origin,
        new ExampleShape(examples.features(), 1, 1),
        Preparation.NONE,
        Metric.usual(examples.task()));
  }

  /**
   * @param shape of an example as its file has it
   * @param preparation that made the examples, for those who use what is learned
   * @param metric by which students are judged
   */
  public DistillationData(
      Examples examples,
      int originals,
      Examples validation,
      float[] logits,
      @Nullable Origin origin,
      ExampleShape shape,
      Preparation preparation,
      Metric metric) {
    this.metric = requireNonNull(metric, "metric is null");
    this.origin = origin;
    this.preparation = requireNonNull(preparation, "preparation is null");
    this.examples = requireNonNull(examples, "examples is null");
    this.originals = originals;
    this.validation = requireNonNull(validation, "validation is null");
    this.logits = requireNonNull(logits, "logits is null");
    if (logits.length != (long) examples.size() * examples.outputs()) {
      throw new IllegalArgumentException(
          logits.length + " logits for " + examples.size() + "×" + examples.outputs());
    }
    this.constants = ConstantFeatures.of(examples);
    this.space = new Space(examples, originals, shape, origin);
    this.device = null;
  }

  private DistillationData(
      DistillationData other,
      Examples examples,
      float[] logits,
      @Nullable Origin origin,
      @Nullable TrainingDevice device) {
    this.examples = examples;
    this.originals = other.originals;
    this.validation = other.validation;
    this.logits = logits;
    this.constants = other.constants;
    this.space = other.space;
    this.origin = origin;
    this.preparation = other.preparation;
    this.metric = other.metric;
    this.device = device;
  }

  public Examples examples() {
    return examples;
  }

  /** About how much memory they take beside the examples. */
  public long bytes() {
    return (long) logits.length * Float.BYTES;
  }

  public int originals() {
    return originals;
  }

  public Examples validation() {
    return validation;
  }

  /** By which students are judged. */
  Metric metric() {
    return metric;
  }

  /** The features that all variants of the training examples have in common. */
  ConstantFeatures constants() {
    return constants;
  }

  /** What inputs look like, by the training examples as they are, without their variants. */
  InputSpace space() {
    return space.get();
  }

  /** Found once it is asked for, as that takes a look at all examples. */
  private static final class Space {
    private final Examples examples;
    private final int originals;
    private final ExampleShape shape;
    private final @Nullable Origin origin;
    private @Nullable InputSpace found;

    Space(Examples examples, int originals, ExampleShape shape, @Nullable Origin origin) {
      this.examples = examples;
      this.originals = originals;
      this.shape = requireNonNull(shape, "shape is null");
      this.origin = origin;
    }

    synchronized InputSpace get() {
      InputSpace known = found;
      if (known == null) {
        known =
            InputSpace.ofFirst(
                originals, shape, examples, origin == null ? null : origin.architecture());
        found = known;
      }
      return known;
    }
  }

  /** What made the examples of raw rows, and the names of their classes. */
  Preparation preparation() {
    return preparation;
  }

  /** The same for students that are trained on a device; null is the processor. */
  public DistillationData on(@Nullable TrainingDevice other) {
    return new DistillationData(this, examples, logits, origin, other);
  }

  /**
   * The same for students that began with another network than the teacher: shares of units and
   * layers are shares of its.
   *
   * @param start what they began with
   */
  DistillationData ofStudentsOf(Architecture start) {
    return new DistillationData(this, examples, logits, new Origin(start, null), device);
  }

  /** The same for students of targets of mean 0 and deviation 1. */
  DistillationData standardized(TargetScale scale) {
    return new DistillationData(
        this, scale.standardized(examples), scale.standardized(logits), origin, device);
  }

  /** What trains students; null is the processor. */
  @Nullable TrainingDevice device() {
    return device;
  }

  /** The architecture that students began with, the teacher's mostly, if it is known. */
  Optional<Architecture> teacher() {
    return Optional.ofNullable(origin).map(Origin::architecture);
  }

  /** What saliencies look at where a reduction of a student is pruned. */
  CalibrationSource calibration(Prune settings, ReducedNetwork reduction, long seed) {
    Architecture student = reduction.original();
    // Shares of units are shares of the teacher's, unless layers have become two.
    Architecture whole =
        teacher()
            .filter(teacher -> teacher.weights().size() == student.weights().size())
            .orElse(student);
    return CalibrationSource.draw(settings, reduction, examples, whole, seed);
  }

  /** The teacher before it was trained, if it was by Pare. */
  Optional<Network> initial() {
    if (origin == null || origin.seed() == null) {
      return Optional.empty();
    }
    Network first = Initialization.random(origin.architecture(), origin.seed());
    // As the teacher itself was scaled when it had been trained.
    return Optional.of(
        examples.task() == Task.REGRESSION ? TargetScale.of(examples).scaled(first) : first);
  }

  /** The loss that a stage trains with. */
  BatchLoss loss(Training training) {
    Distillation settings = training.distillation();
    boolean taught = training.isTaught();
    BatchLoss own =
        switch (examples.task()) {
          case CLASSIFICATION ->
              taught
                  ? DistillationLoss.ofTeacher(
                      examples, logits, training.temperature(), training.alpha(), settings)
                  : DistillationLoss.ofLabels(examples, settings.labelSmoothing());
          case REGRESSION, RECONSTRUCTION ->
              taught
                  ? SquaredLoss.ofTeacher(examples, logits, training.alpha(), settings.alphaEnd())
                  : SquaredLoss.ofTargets(examples);
        };
    return settings.relation() == Distillation.Relation.NONE
        ? own
        : new RelationLoss(own, settings, logits, examples.outputs());
  }
}
