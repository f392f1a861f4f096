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

  /**
   * Computes a layer's output of several examples, to the bit that of one after the other.
   *
   * @param inputs what the layer reads: of each number those of all examples; not changed
   * @param output of each number those of all examples, all zeros; written
   */
  default void runAll(float[][][] inputs, float[][] output) {
    float[][][] read = new float[inputs.length][][];
    for (int i = 0; i < read.length; i++) {
      read[i] = Transposed.of(inputs[i]);
    }
    float[][] made = new float[output[0].length][output.length];
    for (int example = 0; example < made.length; example++) {
      float[][] own = new float[read.length][];
      for (int i = 0; i < own.length; i++) {
        own[i] = read[i][example];
      }
      run(own, made[example]);
    }
    Transposed.write(made, output);
  }
}
