package dev.pare.plan;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Adversarial;
import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.Averaging;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.candidate.Training;
import dev.pare.examine.RobustError;
import dev.pare.sparsify.Saliencies;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Memory that stages need. Features that never vary take none of a dense layer's weights, and so
 * less than is predicted.
 *
 * @param heapBytes of a task, on the heap
 * @param offHeapBytes of a task, off the heap
 * @param sharedBytes on the heap, once for all tasks of a JVM: examples and the teacher's logits
 */
public record TaskMemory(long heapBytes, long offHeapBytes, long sharedBytes) {
  /** Arrays as long as the parameters, live at once while a file is evaluated. */
  private static final int EVALUATED_ARRAYS = 5;

  /** The same in training: the network before, weights, mask, gradient and two moments. */
  private static final int TRAINED_ARRAYS = 7;

  /** The same where weights are scored, too. */
  private static final int SCORED_ARRAYS = 9;

  /** The same in training with noise, of which weights have a second variable each. */
  private static final int NOISY_ARRAYS = 15;

  /** The same while layers are fitted to their earlier outputs, one by one. */
  private static final int FITTED_ARRAYS = 5;

  /** Beside those of training where students are attacked: as they are in use, and a gradient. */
  private static final int ATTACKED_ARRAYS = 3;

  /** Examples that are attacked at once, at most. */
  private static final long ATTACKED = 64;

  /** Arrays of a batch's features: examples twice, what they may become, and their gradients. */
  private static final long FEATURE_ARRAYS = 8;

  /** Students may have their activations in layers of their own: so many times what layers keep. */
  private static final long ACTIVATED = 2;

  /** What the matrix library sets apart for a thread. */
  private static final long LIBRARY_BYTES = 32L << 20;

  /**
   * Of the hungriest of some stages.
   *
   * @param teacher of students that began with the teacher
   * @param stages by the layers that their students began with; none are the teacher's
   */
  public static TaskMemory of(
      Workload teacher,
      Map<Optional<ArchitectureForm>, ? extends Collection<StageSettings>> stages) {
    return stages.entrySet().stream()
        .map(one -> of(teacher.startingWith(one.getKey()), one.getValue()))
        .max(Comparator.comparingLong(TaskMemory::heapBytes))
        .orElseGet(() -> of(teacher, List.of()));
  }

  /** Of the hungriest of some stages. */
  public static TaskMemory of(Workload workload, Collection<StageSettings> stages) {
    long factor = stages.stream().anyMatch(Activate.class::isInstance) ? ACTIVATED : 1;
    long most = 0;
    for (StageSettings stage : stages) {
      most = Math.max(most, bytes(workload, stage, factor));
    }
    long logits = (long) workload.examples() * workload.variants() * workload.classes();
    return new TaskMemory(most, LIBRARY_BYTES, workload.dataBytes() + Float.BYTES * logits);
  }

  /**
   * A few of some stages that need as much as all of them, also together with any others: of stages
   * that become more and more only these need to be kept.
   */
  public static List<StageSettings> telling(Workload workload, Collection<StageSettings> stages) {
    Set<StageSettings> telling = new LinkedHashSet<>();
    for (long factor : new long[] {1, ACTIVATED}) {
      stages.stream()
          .max(Comparator.comparingLong(stage -> bytes(workload, stage, factor)))
          .ifPresent(telling::add);
    }
    stages.stream().filter(Activate.class::isInstance).findFirst().ifPresent(telling::add);
    return List.copyOf(telling);
  }

  private static long bytes(Workload workload, StageSettings stage, long factor) {
    return switch (stage.kind()) {
      case START -> trained(workload, TRAINED_ARRAYS, ((Start) stage).training(), factor);
      case FACTORIZE -> {
        Factorize factorize = (Factorize) stage;
        long fitting =
            factorize.method() == Factorize.Method.ALS
                // A damped copy beside the moments.
                ? arrays(FITTED_ARRAYS, workload) + workload.momentBytes() * 3 / 2
                : 0;
        yield Math.max(fitting, trained(workload, TRAINED_ARRAYS, factorize.training(), factor));
      }
      case ACTIVATE -> trained(workload, TRAINED_ARRAYS, ((Activate) stage).training(), factor);
      case REGULARIZE -> {
        Regularize regularize = (Regularize) stage;
        int arrays = regularize.penalty().isOfNoise() ? NOISY_ARRAYS : TRAINED_ARRAYS;
        yield trained(workload, arrays, regularize.training(), factor);
      }
      case PRUNE -> {
        Prune prune = (Prune) stage;
        boolean scored = prune.schedule() == Prune.Schedule.GRADUAL || prune.schedule().regrows();
        yield Math.max(
            scoring(workload, prune, factor),
            trained(workload, scored ? SCORED_ARRAYS : TRAINED_ARRAYS, prune.training(), factor));
      }
      case QUANTIZE -> {
        Quantize quantize = (Quantize) stage;
        long importance =
            quantize.rateDistortionWeight() == Quantize.Weight.FISHER
                ? arrays(TRAINED_ARRAYS, workload) + factor * workload.gradientBytes()
                : 0;
        boolean fits =
            quantize.quantizer().equals(Quantize.Quantizer.GPTQ)
                && quantize.bits() != Quantize.FLOAT_BITS;
        // The moments, their factor and its inverse.
        long fitting = fits ? arrays(TRAINED_ARRAYS, workload) + 2 * workload.momentBytes() : 0;
        yield Math.max(
            Math.max(importance, fitting),
            trained(workload, TRAINED_ARRAYS, quantize.training(), factor));
      }
      case ENCODE ->
          attacks((Encode) stage, workload, factor)
              + arrays(EVALUATED_ARRAYS, workload)
              + Float.BYTES * (long) workload.validation() * workload.classes()
              + Math.max(factor * workload.evaluationBytes(), workload.metricBytes());
    };
  }

  private static long arrays(int count, Workload workload) {
    return (long) Float.BYTES * count * workload.parameters();
  }

  private static long trained(Workload workload, int arrays, Training training, long factor) {
    if (training.epochs() == 0) {
      return arrays(arrays, workload);
    }
    boolean standardized = training.distillation().logits() == Distillation.Logits.STANDARDIZED;
    long logits = (long) workload.examples() * workload.variants() * workload.classes();
    long softened = (training.isTaught() ? logits : 0) + (standardized ? logits : 0);
    long batch = Math.min(training.batch(), workload.examples());
    boolean related = training.distillation().relation() != Distillation.Relation.NONE;
    long relations = related ? 2 * Double.BYTES * batch * batch : 0;
    boolean averaged = training.averaging().kind() != Averaging.Kind.NONE;
    return arrays(averaged ? arrays + 1 : arrays, workload)
        + Float.BYTES * softened
        + relations
        + factor * batch * workload.trainingBytes()
        + adversarial(workload, training, factor, batch);
  }

  /** What attacks on a file take, beside its evaluation. */
  private static long attacks(Encode settings, Workload workload, long factor) {
    long examples = Math.min(RobustError.MOST_EXAMPLES, workload.validation());
    return settings.robustRadius() == null
        ? 0
        : factor * Math.min(ATTACKED, examples) * workload.trainingBytes()
            + 3 * Float.BYTES * examples * workload.features();
  }

  /** What attacks take, and what they make. */
  private static long adversarial(Workload workload, Training training, long factor, long batch) {
    Adversarial.Method method = training.adversarial().method();
    if (method == Adversarial.Method.NONE) {
      return 0;
    }
    long both = method == Adversarial.Method.TRADES ? batch : 0;
    return arrays(ATTACKED_ARRAYS, workload)
        + factor * (both + Math.min(ATTACKED, batch)) * workload.trainingBytes()
        + Float.BYTES * FEATURE_ARRAYS * batch * workload.features();
  }

  /** What saliencies ask; a scan of sensitivities takes less than evaluation. */
  private static long scoring(Workload workload, Prune prune, long factor) {
    return switch (Saliencies.of(prune.saliency()).evidence()) {
      case NONE -> 0;
      case GRADIENTS -> arrays(SCORED_ARRAYS, workload) + factor * workload.gradientBytes();
      case INPUTS -> arrays(FITTED_ARRAYS, workload) + factor * workload.momentBytes();
      // A row of its block for each weight.
      case GRADIENT_PRODUCTS ->
          arrays(SCORED_ARRAYS + prune.calibration().block(), workload)
              + factor * workload.gradientBytes();
    };
  }

  /** On the heap of a JVM with so many tasks at once. */
  public long heapBytes(int tasks) {
    return tasks * heapBytes + sharedBytes;
  }
}
