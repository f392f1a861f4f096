package dev.pare.model;

import java.util.List;

/**
 * A network's forward pass written plainly, in double precision: what engines are checked against.
 */
public final class ReferenceNetwork {
  private ReferenceNetwork() {}

  /** The logits of one example. */
  public static double[] logits(Architecture architecture, double[] parameters, double[] input) {
    List<Architecture.Shape> shapes = architecture.shapes();
    double[] values = input;
    for (int i = 0; i < architecture.layers().size(); i++) {
      Layer layer = architecture.layers().get(i);
      Architecture.Shape in = shapes.get(i);
      Architecture.Shape out = shapes.get(i + 1);
      boolean last = i == architecture.layers().size() - 1;
      if (layer instanceof Layer.Dense dense) {
        values = dense(architecture, i, parameters, values, out.size());
        activate(last ? Activation.IDENTITY : dense.activation(), values);
      } else if (layer instanceof Layer.Convolution convolution) {
        values = convolve(architecture, i, convolution, parameters, values, in, out);
        activate(convolution.activation(), values);
      } else {
        values = pool((Layer.Pooling) layer, values, in, out);
      }
    }
    return values;
  }

  private static double[] dense(
      Architecture architecture, int layer, double[] parameters, double[] in, int units) {
    double[] out = new double[units];
    ParameterTensor weight = tensor(architecture, layer + "_W");
    ParameterTensor bias = tensor(architecture, layer + "_b");
    for (int o = 0; o < units; o++) {
      out[o] = parameters[bias.offset() + o];
      for (int i = 0; i < in.length; i++) {
        out[o] += parameters[weight.offset() + o * in.length + i] * in[i];
      }
    }
    return out;
  }

  private static double[] convolve(
      Architecture architecture,
      int layer,
      Layer.Convolution c,
      double[] parameters,
      double[] values,
      Architecture.Shape in,
      Architecture.Shape out) {
    ParameterTensor weight = tensor(architecture, layer + "_W");
    ParameterTensor bias = tensor(architecture, layer + "_b");
    double[] result = new double[out.size()];
    for (int f = 0; f < c.filters(); f++) {
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          double sum = parameters[bias.offset() + f];
          for (int ch = 0; ch < in.channels(); ch++) {
            for (int ky = 0; ky < c.kernel(); ky++) {
              for (int kx = 0; kx < c.kernel(); kx++) {
                int w = ((f * in.channels() + ch) * c.kernel() + ky) * c.kernel() + kx;
                int v = (ch * in.height() + y * c.stride() + ky) * in.width() + x * c.stride() + kx;
                sum += parameters[weight.offset() + w] * values[v];
              }
            }
          }
          result[(f * out.height() + y) * out.width() + x] = sum;
        }
      }
    }
    return result;
  }

  private static double[] pool(
      Layer.Pooling p, double[] values, Architecture.Shape in, Architecture.Shape out) {
    double[] result = new double[out.size()];
    for (int ch = 0; ch < out.channels(); ch++) {
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          double largest = Double.NEGATIVE_INFINITY;
          double sum = 0;
          for (int ky = 0; ky < p.window(); ky++) {
            for (int kx = 0; kx < p.window(); kx++) {
              double v =
                  values[
                      (ch * in.height() + y * p.stride() + ky) * in.width() + x * p.stride() + kx];
              largest = Math.max(largest, v);
              sum += v;
            }
          }
          result[(ch * out.height() + y) * out.width() + x] =
              p.pool() == Layer.Pool.MAX ? largest : sum / (p.window() * p.window());
        }
      }
    }
    return result;
  }

  private static void activate(Activation activation, double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (activation) {
            case IDENTITY -> values[i];
            case RELU -> Math.max(0, values[i]);
            case SIGMOID -> 1 / (1 + Math.exp(-values[i]));
            case TANH -> Math.tanh(values[i]);
            case SOFTMAX -> throw new IllegalArgumentException("softmax inside a network");
          };
    }
  }

  private static ParameterTensor tensor(Architecture architecture, String name) {
    return architecture.tensors().stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
