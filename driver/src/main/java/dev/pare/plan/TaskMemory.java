package dev.pare.plan;

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

  /** Between layers: values, their gradients, and a copy in another order. */
  private static final int ACTIVATION_ARRAYS = 3;

  /** What the matrix library sets apart for a thread. */
  private static final long LIBRARY_BYTES = 32L << 20;

  /**
   * A task's that trains with batches of some size.
   *
   * @param exchangesActivations whether students have activations in layers of their own
   */
  public static TaskMemory of(Workload workload, int batch, boolean exchangesActivations) {
    long activations = (exchangesActivations ? 2 : 1) * workload.activations();
    long logits = (long) workload.examples() * workload.variants() * workload.classes();
    long validation = (long) workload.validation() * workload.classes();
    long floats =
        PARAMETER_ARRAYS * workload.parameters()
            + ACTIVATION_ARRAYS * batch * activations
            + logits
            + validation;
    // A byte a feature as images are kept; the variants are shifted as they are read.
    long examples =
        (long) (workload.examples() + workload.validation())
            * (workload.features() + Integer.BYTES);
    return new TaskMemory(Float.BYTES * floats, LIBRARY_BYTES, examples + Float.BYTES * logits);
  }
}
