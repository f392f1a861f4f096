package dev.pare.train;

import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Window;
import java.util.List;

/**
 * Networks whose batch normalization works with its running mean and variance in every pass: as a
 * depthwise convolution of 1×1, which is the same function up to rounding.
 */
final class FixedNormalization {
  private FixedNormalization() {}

  /** The network itself, if it has none. */
  static Network of(Network network) {
    Architecture architecture = network.architecture();
    if (architecture.layers().stream().noneMatch(BatchNormalization.class::isInstance)) {
      return network;
    }
    Architecture fixed =
        architecture.with(
            i ->
                architecture.layers().get(i) instanceof BatchNormalization normalization
                    ? pointwise(normalization, architecture.inputShape(i).channels())
                    : architecture.layers().get(i));
    float[] from = network.parameters();
    float[] to = new float[fixed.parameters()];
    for (int layer = 0; layer < architecture.layers().size(); layer++) {
      List<ParameterTensor> old = architecture.tensors(layer);
      if (old.isEmpty()) {
        continue;
      }
      int start = fixed.tensors(layer).get(0).offset();
      if (architecture.layers().get(layer) instanceof BatchNormalization normalization) {
        fix(normalization.epsilon(), old, from, to, start);
      } else {
        int first = old.get(0).offset();
        System.arraycopy(from, first, to, start, old.get(old.size() - 1).end() - first);
      }
    }
    return new Network(fixed, to);
  }

  private static Layer pointwise(BatchNormalization layer, int channels) {
    return new Convolution(channels, channels, Window.POINTS, Window.POINTS, layer.activation());
  }

  /** Writes a weight for each channel, then as many biases. */
  private static void fix(
      float epsilon, List<ParameterTensor> old, float[] from, float[] to, int start) {
    int channels = old.get(0).size();
    for (int c = 0; c < channels; c++) {
      float gamma = from[old.get(0).offset() + c];
      float beta = from[old.get(1).offset() + c];
      float mean = from[old.get(2).offset() + c];
      float variance = from[old.get(3).offset() + c];
      double factor = gamma / Math.sqrt((double) variance + epsilon);
      to[start + c] = (float) factor;
      to[start + channels + c] = (float) (beta - mean * factor);
    }
  }
}
