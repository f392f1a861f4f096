package dev.pare.opencl;

import dev.pare.train.AdamCorrections;
import dev.pare.train.BatchOrder;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * Some steps of a student that are taken one after the other, with nothing between them that the
 * device cannot do.
 */
final class Stretch {
  private final Student student;
  private final int steps;
  private final int[] indices;
  private final float[] rates;
  private final boolean starts;
  private final boolean changed;
  private final boolean wanted;
  private final float[] losses;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private int taken;

  /**
   * Takes the next batches and rates.
   *
   * @param starts whether the student is new
   * @param changed whether its variables and their mask are to be copied to the device first
   * @param wanted whether its variables are to be copied back
   */
  Stretch(
      Student student,
      int first,
      int last,
      BatchOrder order,
      AdamCorrections corrections,
      boolean starts,
      boolean changed,
      boolean wanted) {
    this.student = student;
    this.steps = last - first;
    this.starts = starts;
    this.changed = changed;
    this.wanted = wanted;
    this.losses = new float[steps];
    int batch = student.run().batch();
    this.indices = new int[steps * batch];
    this.rates = new float[4 * steps];
    int[] some = new int[batch];
    for (int i = 0; i < steps; i++) {
      int count = order.next(some);
      Arrays.fill(some, count, batch, -1);
      System.arraycopy(some, 0, indices, i * batch, batch);
      corrections.next();
      rates[4 * i] = corrections.rate(student.run().learningRate(first + i));
      rates[4 * i + 1] = corrections.epsilon();
      rates[4 * i + 2] = count;
      rates[4 * i + 3] = 1f / count;
    }
  }

  Student student() {
    return student;
  }

  int[] indices() {
    return indices;
  }

  float[] rates() {
    return rates;
  }

  boolean starts() {
    return starts;
  }

  boolean changed() {
    return changed;
  }

  boolean wanted() {
    return wanted;
  }

  /** Of each step, once it has ended. */
  float[] losses() {
    return losses;
  }

  CompletableFuture<Void> end() {
    return end;
  }

  int taken() {
    return taken;
  }

  int left() {
    return steps - taken;
  }

  void take(int some) {
    taken += some;
  }
}
