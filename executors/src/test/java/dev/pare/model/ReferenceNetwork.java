package dev.pare.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network's forward pass written plainly, in double precision: what engines are checked against.
 */
public final class ReferenceNetwork {
  private ReferenceNetwork() {}

  /** The logits of one example; batch normalization uses its running statistics. */
  public static double[] logits(Architecture architecture, double[] parameters, double[] input) {
    return whole(architecture, parameters, new double[][] {input}, false)[0];
  }

  /** The logits of a batch; batch normalization uses the batch's statistics. */
  public static double[][] trainingLogits(
      Architecture architecture, double[] parameters, double[][] inputs) {
    return whole(architecture, parameters, inputs, true);
  }

  /** With layers of factors as what they stand for. */
  private static double[][] whole(
      Architecture architecture, double[] parameters, double[][] inputs, boolean training) {
    return run(
        ReferenceFactors.architecture(architecture),
        ReferenceFactors.parameters(architecture, parameters),
        inputs,
        training);
  }

  /** What each layer says of one example, {@code [channel][y][x]}. */
  public static List<double[]> outputs(
      Architecture architecture, double[] parameters, double[] input) {
    List<double[][]> outputs = new ArrayList<>();
    run(architecture, parameters, new double[][] {input}, false, outputs);
    return outputs.stream().map(batch -> batch[0]).toList();
  }

  private static double[][] run(
      Architecture architecture, double[] parameters, double[][] inputs, boolean training) {
    return run(architecture, parameters, inputs, training, new ArrayList<>());
  }

  private static double[][] run(
      Architecture architecture,
      double[] parameters,
      double[][] inputs,
      boolean training,
      List<double[][]> outputs) {
    List<Architecture.Shape> shapes = architecture.shapes();
    double[][] values = inputs.clone();
    for (int i = 0; i < architecture.layers().size(); i++) {
      Layer layer = architecture.layers().get(i);
      if (layer instanceof Layer.BatchNormalization normalization) {
        values = values.clone();
        normalize(architecture, i, normalization, parameters, values, shapes.get(i), training);
      } else {
        double[][] results = new double[values.length][];
        for (int b = 0; b < values.length; b++) {
          double[] source =
              layer instanceof Layer.Shortcut s ? outputs.get(s.from())[b] : new double[0];
          results[b] = example(architecture, i, parameters, values[b], source);
        }
        values = results;
      }
      outputs.add(values);
    }
    return values;
  }

  private static double[] example(
      Architecture architecture, int index, double[] parameters, double[] values, double[] source) {
    Layer layer = architecture.layers().get(index);
    Architecture.Shape in = architecture.shapes().get(index);
    Architecture.Shape out = architecture.shapes().get(index + 1);
    boolean last = index == architecture.layers().size() - 1;
    return switch (layer.kind()) {
      case DENSE -> {
        double[] sums = dense(architecture, index, parameters, values, out.size());
        activate(last ? Activation.IDENTITY : ((Layer.Dense) layer).activation(), sums);
        yield sums;
      }
      case CONVOLUTION -> {
        Layer.Convolution convolution = (Layer.Convolution) layer;
        double[] sums = convolve(architecture, index, convolution, parameters, values, in, out);
        activate(convolution.activation(), sums);
        yield sums;
      }
      case POOLING -> pool((Layer.Pooling) layer, values, in, out);
      case SHORTCUT -> {
        Layer.Shortcut shortcut = (Layer.Shortcut) layer;
        Architecture.Shape from = architecture.shapes().get(shortcut.from() + 1);
        double[] sums = shortcut(values, in, source, from);
        activate(shortcut.activation(), sums);
        yield sums;
      }
      case POSITIONS -> {
        double[] sums = values.clone();
        for (int i = 0; i < sums.length; i++) {
          sums[i] += parameters[tensor(architecture, index + "_b").offset() + i];
        }
        yield sums;
      }
      case SPARSE_ACTIVATION -> sparse((Layer.SparseActivation) layer, values);
      case LSTM -> new ReferenceLstm(architecture, index, parameters).outputs(values, in);
      case LAYER_NORMALIZATION, SELF_ATTENTION ->
          ReferenceAttention.outputs(architecture, index, parameters, values);
      case BATCH_NORMALIZATION, FACTORED, STOCK ->
          throw new IllegalArgumentException(layer.toString());
    };
  }

  private static double[] sparse(Layer.SparseActivation layer, double[] values) {
    double[] results = new double[values.length];
    switch (layer.rule()) {
      case THRESHOLD -> {
        for (int i = 0; i < values.length; i++) {
          results[i] = values[i] < layer.level() ? 0 : values[i];
        }
      }
      case BINARY -> {
        for (int i = 0; i < values.length; i++) {
          results[i] = values[i] < 0.5 * layer.level() ? 0 : layer.level();
        }
      }
      case WINNERS ->
          IntStream.range(0, values.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
              .limit(layer.winners())
              .filter(i -> values[i] > 0)
              .forEach(i -> results[i] = values[i]);
    }
    return results;
  }

  private static double[] shortcut(
      double[] values, Architecture.Shape shape, double[] source, Architecture.Shape from) {
    double[] sums = values.clone();
    int stride = (int) Math.ceil((double) from.height() / shape.height());
    for (int c = 0; c < from.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          sums[(c * shape.height() + y) * shape.width() + x] +=
              source[(c * from.height() + y * stride) * from.width() + x * stride];
        }
      }
    }
    return sums;
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
    Layer.Axis vertical = c.vertical();
    Layer.Axis horizontal = c.horizontal();
    double[] result = new double[out.size()];
    for (int f = 0; f < c.filters(); f++) {
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          double sum = parameters[bias.offset() + f];
          for (int ch = 0; ch < in.channels(); ch++) {
            for (int ky = 0; ky < vertical.kernel(); ky++) {
              for (int kx = 0; kx < horizontal.kernel(); kx++) {
                int line = (f * in.channels() + ch) * vertical.kernel() + ky;
                int w = line * horizontal.kernel() + kx;
                int row = y * vertical.stride() + ky - vertical.padding();
                int column = x * horizontal.stride() + kx - horizontal.padding();
                boolean inside =
                    row >= 0 && row < in.height() && column >= 0 && column < in.width();
                if (inside) {
                  int v = (ch * in.height() + row) * in.width() + column;
                  sum += parameters[weight.offset() + w] * values[v];
                }
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

  static ParameterTensor tensor(Architecture architecture, String name) {
    return architecture.tensors().stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
