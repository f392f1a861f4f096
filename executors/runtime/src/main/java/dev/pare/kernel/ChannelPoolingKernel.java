package dev.pare.kernel;

import dev.pare.graph.ChannelPooling;
import dev.pare.graph.Pooling;

/** {@link ChannelPooling}. */
final class ChannelPoolingKernel implements Kernel {
  private final boolean isMaximum;

  ChannelPoolingKernel(ChannelPooling layer) {
    isMaximum = layer.pool() == Pooling.Pool.MAX;
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] in = inputs[0];
    System.arraycopy(in, 0, output, 0, output.length);
    for (int i = output.length; i < in.length; i++) {
      int place = i % output.length;
      output[place] = isMaximum ? Math.max(output[place], in[i]) : output[place] + in[i];
    }
    int channels = in.length / output.length;
    for (int place = 0; place < output.length && !isMaximum; place++) {
      output[place] /= channels;
    }
  }
}
