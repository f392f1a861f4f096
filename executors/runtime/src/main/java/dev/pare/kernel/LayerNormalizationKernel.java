package dev.pare.kernel;

import dev.pare.graph.LayerNormalization;

/** {@link LayerNormalization}. */
final class LayerNormalizationKernel implements Kernel {
  private final float epsilon;
  private final int places;
  private final float[] factors;
  private final float[] summands;

  LayerNormalizationKernel(LayerNormalization layer, Place place) {
    epsilon = layer.epsilon();
    places = place.input().places();
    factors = place.vector(0);
    summands = place.vector(1);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] in = inputs[0];
    for (int place = 0; place < places; place++) {
      Moments moments = Moments.of(in, place, factors.length, places);
      double divisor = moments.deviation(epsilon);
      for (int c = 0; c < factors.length; c++) {
        int i = c * places + place;
        output[i] = (float) (factors[c] * ((in[i] - moments.mean()) / divisor) + summands[c]);
      }
    }
  }
}
