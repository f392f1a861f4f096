package dev.pare.kernel;

import dev.pare.graph.Shape;

/** A sequence's steps, which are the rows of all channels. */
record Steps(Shape shape) {
  int count() {
    return shape.height();
  }

  /** Numbers of a step. */
  int features() {
    return shape.channels() * shape.width();
  }

  /** Copies a step's numbers, channel-major. */
  void read(float[] input, int step, float[] target) {
    int width = shape.width();
    for (int c = 0; c < shape.channels(); c++) {
      System.arraycopy(input, (c * count() + step) * width, target, c * width, width);
    }
  }

  /** Puts what units make of a step among those of all, or of the last one alone. */
  void write(float[] units, int step, float[] output) {
    int kept = output.length / units.length;
    if (kept == 1 && step < count() - 1) {
      return;
    }
    for (int u = 0; u < units.length; u++) {
      output[u * kept + (kept == 1 ? 0 : step)] = units[u];
    }
  }
}
