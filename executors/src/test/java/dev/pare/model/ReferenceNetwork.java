package dev.pare.model;

import java.util.List;

/**
 * A network's forward pass written plainly, in double precision: what engines are checked against.
 */
public final class ReferenceNetwork {
  private ReferenceNetwork() {}

  /** The logits of one example; batch normalization uses its running statistics. */
  public static double[] logits(Architecture architecture, double[] parameters, double[] input) {
    return run(architecture, parameters, new double[][] {input}, false)[0];
  }

  /** The logits of a batch; batch normalization uses the batch's statistics. */
  public static double[][] trainingLogits(
      Architecture architecture, double[] parameters, double[][] inputs) {
    return run(architecture, parameters, inputs, true);
  }

  private static double[][] run(
      Architecture architecture, double[] parameters, double[][] inputs, boolean training) {
    List<Architecture.Shape> shapes = architecture.shapes();
    double[][] values = inputs.clone();
    for (int i = 0; i < architecture.layers().size(); i++) {
      Layer layer = architecture.layers().get(i);
      Architecture.Shape in = shapes.get(i);
      Architecture.Shape out = shapes.get(i + 1);
      boolean last = i == architecture.layers().size() - 1;
      if (layer instanceof Layer.BatchNormalization normalization) {
        normalize(architecture, i, normalization, parameters, values, in, training);
        continue;
      }
      for (int b = 0; b < values.length; b++) {
        if (layer instanceof Layer.Dense dense) {
          values[b] = dense(architecture, i, parameters, values[b], out.size());
          activate(last ? Activation.IDENTITY : dense.activation(), values[b]);
        } else if (layer instanceof Layer.Convolution convolution) {
          values[b] = convolve(architecture, i, convolution, parameters, values[b], in, out);
          activate(convolution.activation(), values[b]);
        } else {
          values[b] = pool((Layer.Pooling) layer, values[b], in, out);
        }
      }
    }
    return values;
  }

  private static void normalize(
      Architecture architecture,
      int layer,
      Layer.BatchNormalization normalization,
      double[] parameters,
      double[][] values,
      Architecture.Shape shape,
      boolean training) {
    int area = shape.height() * shape.width();
    double[][] results = new double[values.length][shape.size()];
    for (int c = 0; c < shape.channels(); c++) {
      double mean = parameters[tensor(architecture, layer + "_mean").offset() + c];
      double variance = parameters[tensor(architecture, layer + "_var").offset() + c];
      if (training) {
        mean = 0;
        variance = 0;
        for (double[] example : values) {
          for (int i = c * area; i < (c + 1) * area; i++) {
            mean += example[i] / (values.length * area);
          }
        }
        for (double[] example : values) {
          for (int i = c * area; i < (c + 1) * area; i++) {
            variance += Math.pow(example[i] - mean, 2) / (values.length * area);
          }
        }
      }
      double gamma = parameters[tensor(architecture, layer + "_gamma").offset() + c];
      double beta = parameters[tensor(architecture, layer + "_beta").offset() + c];
      for (int b = 0; b < values.length; b++) {
        for (int i = c * area; i < (c + 1) * area; i++) {
          double normalized = (values[b][i] - mean) / Math.sqrt(variance + normalization.epsilon());
          results[b][i] = gamma * normalized + beta;
        }
      }
    }
    for (int b = 0; b < values.length; b++) {
      activate(normalization.activation(), results[b]);
      values[b] = results[b];
    }
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
