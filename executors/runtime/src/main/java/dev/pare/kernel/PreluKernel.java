package dev.pare.kernel;

/** {@link dev.pare.graph.Prelu}. */
final class PreluKernel implements Kernel {
  private final float[] slopes;

  PreluKernel(Place place) {
    slopes = place.vector(0);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    int places = output.length / slopes.length;
    for (int i = 0; i < output.length; i++) {
      float x = inputs[0][i];
      output[i] = x < 0 ? slopes[i / places] * x : x;
    }
  }
}
