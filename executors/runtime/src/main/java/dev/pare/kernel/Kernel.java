package dev.pare.kernel;

/** The forward pass of one layer. Immutable; any number of threads may run it. */
interface Kernel {
  /**
   * Computes a layer's output of one example.
   *
   * @param inputs what the layer reads, each {@code [channel][y][x]}; not changed
   * @param output {@code [channel][y][x]}, all zeros; written
   */
  void run(float[][] inputs, float[] output);
}
