package dev.pare.graph;

import java.util.ArrayList;
import java.util.Arrays;
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
    for (int i = 0; i < architecture.layers().size(); i++) {
      double[][] first = read(architecture.source(i), inputs, outputs);
      double[][] results = new double[first.length][];
      if (architecture.layers().get(i) instanceof BatchNormalization normalization) {
        results = first.clone();
        Shape shape = architecture.inputShape(i);
        normalize(architecture, i, normalization, parameters, results, shape, training);
      } else {
        for (int b = 0; b < first.length; b++) {
          List<double[]> values = new ArrayList<>();
          for (int from : architecture.nodes().get(i).inputs()) {
            values.add(read(from, inputs, outputs)[b]);
          }
          results[b] = example(architecture, i, parameters, values);
        }
      }
      outputs.add(results);
    }
    return outputs.get(outputs.size() - 1);
  }

  private static double[][] read(int node, double[][] inputs, List<double[][]> outputs) {
    return node == Node.NETWORK_INPUT ? inputs : outputs.get(node);
  }

  private static double[] example(
      Architecture architecture, int index, double[] parameters, List<double[]> inputs) {
    Layer layer = architecture.layers().get(index);
    List<Shape> in = architecture.inputShapes(index);
    Shape out = architecture.outputShape(index);
    double[] values = inputs.get(0);
    double[] sums;
    if (layer instanceof Dense) {
      sums = dense(architecture, index, parameters, values, out.size());
    } else if (layer instanceof Embedding embedding) {
      sums = new double[out.size()];
      int from = tensor(architecture, index + "_W").offset();
      for (int i = 0; i < sums.length; i++) {
        int token = (int) values[i % values.length];
        sums[i] = parameters[from + i / values.length * embedding.tokens() + token];
      }
    } else if (layer instanceof Convolution convolution) {
      sums = convolve(architecture, index, convolution, parameters, values, in.get(0), out);
    } else if (layer instanceof Pooling pooling) {
      sums = pool(pooling, values, in.get(0), out);
    } else if (layer instanceof Shortcut) {
      sums = shortcut(values, in.get(0), inputs.get(1), in.get(1));
    } else if (layer instanceof Positions) {
      sums = values.clone();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += parameters[tensor(architecture, index + "_b").offset() + i];
      }
    } else if (layer instanceof SparseActivation activation) {
      sums = sparse(activation, values);
    } else if (layer instanceof Lstm) {
      sums = new ReferenceLstm(architecture, index, parameters).outputs(values, in.get(0));
    } else if (layer instanceof Gru gru) {
      sums = ReferenceGru.outputs(architecture, index, gru, parameters, values);
    } else if (layer instanceof LayerNormalization || layer instanceof SelfAttention) {
      sums = ReferenceAttention.outputs(architecture, index, parameters, values);
    } else if (layer instanceof Elementwise function) {
      sums = Arrays.stream(values).map(x -> ReferenceFunctions.of(function, x)).toArray();
    } else if (layer instanceof Concatenation) {
      sums = inputs.stream().flatMapToDouble(Arrays::stream).toArray();
    } else if (layer instanceof ChannelSelection selection) {
      int area = out.places();
      sums = new double[out.size()];
      for (int i = 0; i < sums.length; i++) {
        sums[i] = values[selection.channels().get(i / area) * area + i % area];
      }
    } else if (layer instanceof Arithmetic arithmetic) {
      sums = arithmetic(arithmetic, inputs, in, out);
    } else if (layer instanceof Crop crop) {
      Shape s = in.get(0);
      sums = new double[out.size()];
      for (int i = 0; i < sums.length; i++) {
        int y = i / out.width() % out.height() + crop.top();
        int x = i % out.width() + crop.left();
        sums[i] = values[(i / out.places() * s.height() + y) * s.width() + x];
      }
    } else if (layer instanceof Reversal) {
      sums = new double[out.size()];
      for (int i = 0; i < sums.length; i++) {
        int y = out.height() - 1 - i / out.width() % out.height();
        sums[(i / out.places() * out.height() + y) * out.width() + i % out.width()] = values[i];
      }
    } else if (layer instanceof ZeroPadding padding) {
      sums = new double[out.size()];
      Shape s = in.get(0);
      for (int i = 0; i < values.length; i++) {
        int y = i / s.width() % s.height() + padding.top();
        int x = i % s.width() + padding.left();
        sums[(i / s.places() * out.height() + y) * out.width() + x] = values[i];
      }
    } else {
      throw new IllegalArgumentException("no reference for a " + layer.title());
    }
    boolean last = index == architecture.layers().size() - 1;
    activate(last ? Activation.IDENTITY : layer.activation(), sums);
    return sums;
  }

  private static double[] arithmetic(
      Arithmetic layer, List<double[]> inputs, List<Shape> in, Shape out) {
    double[] results = new double[out.size()];
    for (int i = 0; i < results.length; i++) {
      int c = i / out.places();
      int y = i / out.width() % out.height();
      int x = i % out.width();
      double[] two = new double[2];
      for (int k = 0; k < 2; k++) {
        Shape s = in.get(k);
        two[k] =
            inputs
                .get(k)[
                (c % s.channels() * s.height() + y % s.height()) * s.width() + x % s.width()];
      }
      results[i] =
          switch (layer.operation()) {
            case ADD -> two[0] + two[1];
            case SUBTRACT -> two[0] - two[1];
            case MULTIPLY -> two[0] * two[1];
            case DIVIDE -> two[0] / two[1];
          };
    }
    return results;
  }

  private static double[] sparse(SparseActivation layer, double[] values) {
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

  private static double[] shortcut(double[] values, Shape shape, double[] source, Shape from) {
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
      BatchNormalization normalization,
      double[] parameters,
      double[][] values,
      Shape shape,
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
      Convolution c,
      double[] parameters,
      double[] values,
      Shape in,
      Shape out) {
    ParameterTensor weight = tensor(architecture, layer + "_W");
    ParameterTensor bias = tensor(architecture, layer + "_b");
    Window vertical = c.vertical();
    Window horizontal = c.horizontal();
    double[] result = new double[out.size()];
    int channels = in.channels() / c.groups();
    for (int f = 0; f < c.filters(); f++) {
      int group = f / (c.filters() / c.groups());
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          double sum = parameters[bias.offset() + f];
          for (int ch = 0; ch < channels; ch++) {
            for (int ky = 0; ky < vertical.kernel(); ky++) {
              for (int kx = 0; kx < horizontal.kernel(); kx++) {
                int line = (f * channels + ch) * vertical.kernel() + ky;
                int w = line * horizontal.kernel() + kx;
                int row = place(vertical, y, ky);
                int column = place(horizontal, x, kx);
                if (isInside(in, row, column)) {
                  int v = ((group * channels + ch) * in.height() + row) * in.width() + column;
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

  private static int place(Window window, int at, int k) {
    return at * window.stride() + k * window.dilation() - window.before();
  }

  private static boolean isInside(Shape in, int row, int column) {
    return row >= 0 && row < in.height() && column >= 0 && column < in.width();
  }

  private static double[] pool(Pooling p, double[] values, Shape in, Shape out) {
    double[] result = new double[out.size()];
    for (int ch = 0; ch < out.channels(); ch++) {
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          List<Double> seen = new ArrayList<>();
          for (int ky = 0; ky < p.vertical().kernel(); ky++) {
            for (int kx = 0; kx < p.horizontal().kernel(); kx++) {
              int row = place(p.vertical(), y, ky);
              int column = place(p.horizontal(), x, kx);
              if (isInside(in, row, column)) {
                seen.add(values[(ch * in.height() + row) * in.width() + column]);
              }
            }
          }
          result[(ch * out.height() + y) * out.width() + x] =
              p.pool() == Pooling.Pool.MAX
                  ? seen.stream().mapToDouble(v -> v).max().orElse(0)
                  : seen.stream().mapToDouble(v -> v).average().orElse(0);
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
