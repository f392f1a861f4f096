package dev.pare.opencl;

import dev.pare.candidate.Task;
import dev.pare.data.Examples;
import java.util.Arrays;

/**
 * Examples in a device's memory: features, as bytes where all of them are, and labels or targets.
 */
final class DeviceExamples {
  private static final int CHUNK = 1 << 24;

  private final Queue.Buffer features;
  private final Queue.Buffer labels;
  private final Queue.Buffer targets;
  private final Queue.Buffer weights;
  private final boolean areBytes;

  DeviceExamples(Queue queue, Examples examples) {
    long count = (long) examples.size() * examples.features();
    this.areBytes = areBytes(examples);
    this.features = queue.allocate(areBytes ? count : count * Float.BYTES);
    write(queue, examples);
    if (examples.task() == Task.CLASSIFICATION) {
      int[] own = new int[examples.size()];
      Arrays.setAll(own, examples::label);
      this.labels = queue.allocate(own);
      this.targets = queue.allocate(0);
      float[] each = new float[examples.classes()];
      for (int c = 0; c < each.length; c++) {
        each[c] = examples.classWeight(c);
      }
      this.weights = queue.allocate(each);
    } else {
      this.labels = queue.allocate(0);
      this.targets = queue.allocate((long) examples.size() * examples.outputs() * Float.BYTES);
      float[] row = new float[examples.outputs()];
      for (int i = 0; i < examples.size(); i++) {
        examples.copyTarget(i, row, 0);
        queue.write(targets, (long) i * row.length * Float.BYTES, row, row.length);
      }
      this.weights = queue.allocate(0);
    }
  }

  /** Whether every feature is a whole number from 0 to 255. */
  private static boolean areBytes(Examples examples) {
    float[] row = new float[examples.features()];
    for (int i = 0; i < examples.size(); i++) {
      examples.copyFeatures(i, row, 0);
      for (float value : row) {
        if (!(value >= 0 && value <= 255 && value == (int) value)) {
          return false;
        }
      }
    }
    return true;
  }

  private void write(Queue queue, Examples examples) {
    int length = examples.features();
    int rows = Math.max(1, Math.min(examples.size(), CHUNK / length));
    float[] some = new float[rows * length];
    byte[] bytes = new byte[areBytes ? some.length : 0];
    for (int from = 0; from < examples.size(); from += rows) {
      int taken = Math.min(rows, examples.size() - from);
      for (int i = 0; i < taken; i++) {
        examples.copyFeatures(from + i, some, i * length);
      }
      int numbers = taken * length;
      long at = (long) from * length;
      if (areBytes) {
        for (int i = 0; i < numbers; i++) {
          bytes[i] = (byte) (int) some[i];
        }
        queue.write(features, at, bytes, numbers);
      } else {
        queue.write(features, at * Float.BYTES, some, numbers);
      }
    }
  }

  boolean areBytes() {
    return areBytes;
  }

  Queue.Buffer features() {
    return features;
  }

  Queue.Buffer labels() {
    return labels;
  }

  Queue.Buffer targets() {
    return targets;
  }

  Queue.Buffer classWeights() {
    return weights;
  }

  void release(Queue queue) {
    queue.release(features);
    queue.release(labels);
    queue.release(targets);
    queue.release(weights);
  }
}
