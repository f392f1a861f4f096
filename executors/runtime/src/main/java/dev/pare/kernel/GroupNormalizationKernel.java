package dev.pare.kernel;

import dev.pare.graph.GroupNormalization;

/** {@link GroupNormalization}. */
final class GroupNormalizationKernel implements Kernel {
  private final float epsilon;
  private final int size;
  private final int places;
  private final float[] factors;
  private final float[] summands;

  GroupNormalizationKernel(GroupNormalization layer, Place place) {
    epsilon = layer.epsilon();
    size = place.input().size() / layer.groupsOf(place.input().channels());
    places = place.input().places();
    factors = place.vector(0);
    summands = place.vector(1);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] in = inputs[0];
    for (int from = 0; from < in.length; from += size) {
      Moments moments = Moments.of(in, from, size, 1);
      double divisor = moments.deviation(epsilon);
      for (int i = from; i < from + size; i++) {
        double normalized = (in[i] - moments.mean()) / divisor;
        output[i] = (float) (factors[i / places] * normalized + summands[i / places]);
      }
    }
  }
}
