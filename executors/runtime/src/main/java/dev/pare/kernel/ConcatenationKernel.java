package dev.pare.kernel;

/** {@link dev.pare.graph.Concatenation}. */
final class ConcatenationKernel implements Kernel {
  @Override
  public void run(float[][] inputs, float[] output) {
    int to = 0;
    for (float[] input : inputs) {
      System.arraycopy(input, 0, output, to, input.length);
      to += input.length;
    }
  }
}
