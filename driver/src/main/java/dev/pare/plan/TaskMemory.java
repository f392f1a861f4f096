package dev.pare.plan;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.StageSettings;
import java.util.Collection;

/**
 * Memory that stages need, roughly.
 *
 * @param heapBytes of a task, on the heap
 * @param offHeapBytes of a task, off the heap
 * @param sharedBytes on the heap, once for all tasks of a JVM: examples and the teacher's logits
 */
public record TaskMemory(long heapBytes, long offHeapBytes, long sharedBytes) {
  /**
   * Arrays as long as the parameters, live at once in the hungriest stage: weights, what they were,
   * mask, gradient and its pull-back, two moments, a network before and one after, and room for
   * coding.
   */
  private static final int PARAMETER_ARRAYS = 12;

  /** What the matrix library sets apart for a thread. */
  private static final long LIBRARY_BYTES = 32L << 20;

  /** Of the hungriest of some stages. */
  public static TaskMemory of(Workload workload, Collection<StageSettings> stages) {
    // Students may have their activations in layers of their own.
    long factor = stages.stream().anyMatch(Activate.class::isInstance) ? 2 : 1;
    long working = factor * workload.evaluationBytes();
    for (StageSettings stage : stages) {
      long training = factor * batch(stage) * workload.trainingBytes();
      working = Math.max(working, Math.max(training, matrices(workload, stage)));
    }
    long logits = (long) workload.examples() * workload.variants() * workload.classes();
    long validation = (long) workload.validation() * workload.classes();
    long arrays = PARAMETER_ARRAYS * workload.parameters() + logits + validation;
    return new TaskMemory(
        Float.BYTES * arrays + working, LIBRARY_BYTES, workload.dataBytes() + Float.BYTES * logits);
  }

  /** On the heap of a JVM with so many tasks at once. */
  public long heapBytes(int tasks) {
    return tasks * heapBytes + sharedBytes;
  }

  private static int batch(StageSettings stage) {
    return switch (stage.kind()) {
      case FACTORIZE -> ((Factorize) stage).training().batch();
      case ACTIVATE -> ((Activate) stage).training().batch();
      case REGULARIZE -> ((Regularize) stage).training().batch();
      case PRUNE -> ((Prune) stage).training().batch();
      case QUANTIZE -> ((Quantize) stage).training().batch();
      case ENCODE -> 0;
    };
  }

  /** Optimal Brain Surgeon's, a row of its block for each weight. */
  private static long matrices(Workload workload, StageSettings stage) {
    return stage instanceof Prune prune && prune.saliency() == Prune.Saliency.SURGEON
        ? Float.BYTES * workload.parameters() * prune.calibration().block()
        : 0;
  }
}
