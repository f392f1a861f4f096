package dev.pare.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
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
    } else if (layer instanceof Quantization levels) {
      double scale = levels.scale();
      int zero = levels.zeroPoint();
      sums =
          Arrays.stream(values)
              .map(x -> Math.rint(x / scale) + zero)
              .map(level -> (Math.max(0, Math.min(255, level)) - zero) * scale)
              .toArray();
    } else if (layer instanceof Concatenation) {
      sums = inputs.stream().flatMapToDouble(Arrays::stream).toArray();
    } else if (layer instanceof ChannelSelection selection) {
      int area = out.places();
      sums = new double[out.size()];
      for (int i = 0; i < sums.length; i++) {
        sums[i] = values[selection.channels().get(i / area) * area + i % area];
      }
    } else if (layer instanceof ChannelPooling pooling) {
      sums = new double[out.size()];
      for (int i = 0; i < sums.length; i++) {
        int place = i;
        DoubleStream channels =
            IntStream.range(0, in.get(0).channels())
                .mapToDouble(c -> values[c * out.size() + place]);
        sums[i] =
            pooling.pool() == Pooling.Pool.MAX
                ? channels.max().orElseThrow()
                : channels.average().orElseThrow();
      }
    } else if (layer instanceof GroupNormalization normalization) {
      sums = grouped(architecture, index, normalization, parameters, values, out);
    } else if (layer instanceof TransposedConvolution convolution) {
      sums = spread(architecture, index, convolution, parameters, values, in.get(0), out);
    } else if (layer instanceof Interpolation interpolation) {
      sums = interpolated(interpolation, values, in.get(0), out);
    } else if (layer instanceof Rearrangement rearrangement) {
      sums = rearranged(rearrangement, values, in.get(0), out);
    } else if (layer instanceof Prelu) {
      sums = values.clone();
      for (int i = 0; i < sums.length; i++) {
        int slope = tensor(architecture, index + "_slope").offset() + i / out.places();
        sums[i] *= sums[i] < 0 ? parameters[slope] : 1;
      }
    } else if (layer instanceof Softmax softmax) {
      sums = softmax(softmax, values, out);
    } else if (layer instanceof MatrixProduct product) {
      sums = product(product, inputs, in, out);
    } else if (layer instanceof Mask mask) {
      sums = masked(mask, values, out);
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

  private static double[] product(
      MatrixProduct layer, List<double[]> inputs, List<Shape> in, Shape out) {
    Shape a = in.get(0);
    Shape b = in.get(1);
    double[] results = new double[out.size()];
    for (int i = 0; i < results.length; i++) {
      int column = i / out.places();
      int y = i / out.width() % out.height();
      int row = i % out.width();
      for (int k = 0; k < a.channels(); k++) {
        int channel = layer.second() == MatrixProduct.Form.PLAIN ? column : k;
        int place = layer.second() == MatrixProduct.Form.PLAIN ? k : column;
        results[i] +=
            inputs.get(0)[(k * a.height() + y % a.height()) * a.width() + row]
                * inputs.get(1)[(channel * b.height() + y % b.height()) * b.width() + place];
      }
    }
    return results;
  }

  private static double[] masked(Mask layer, double[] values, Shape shape) {
    double[] results = values.clone();
    for (int i = 0; i < results.length; i++) {
      int number = i % shape.places() * shape.channels() + i / shape.places();
      for (Mask.Runs runs : layer.hidden()) {
        for (int run = 0; run < runs.count(); run++) {
          int from = runs.first() + run * runs.step();
          int at = number % layer.period();
          if (at >= from && at < from + runs.length() + run * runs.growth()) {
            results[i] =
                layer.effect() == Mask.Effect.REPLACED
                    ? layer.number()
                    : results[i] + layer.number();
          }
        }
      }
    }
    return results;
  }

  private static double[] softmax(Softmax layer, double[] values, Shape shape) {
    double[] results = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double sum = 0;
      for (int c = 0; c < shape.channels(); c++) {
        sum += Math.exp(values[c * shape.places() + i % shape.places()]);
      }
      double share = Math.exp(values[i]) / sum;
      results[i] = layer.form() == Softmax.Form.SHARES ? share : Math.log(share);
    }
    return results;
  }

  private static double[] grouped(
      Architecture architecture,
      int layer,
      GroupNormalization normalization,
      double[] parameters,
      double[] values,
      Shape shape) {
    double[] results = new double[values.length];
    int size =
        values.length / (normalization.groups() == 0 ? shape.channels() : normalization.groups());
    for (int i = 0; i < values.length; i++) {
      double[] group = Arrays.copyOfRange(values, i / size * size, (i / size + 1) * size);
      double mean = Arrays.stream(group).average().orElseThrow();
      double variance = Arrays.stream(group).map(v -> (v - mean) * (v - mean)).sum() / size;
      int channel = i / shape.places();
      results[i] =
          (values[i] - mean)
                  / Math.sqrt(variance + normalization.epsilon())
                  * parameters[tensor(architecture, layer + "_gamma").offset() + channel]
              + parameters[tensor(architecture, layer + "_beta").offset() + channel];
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
      case TOP_K ->
          IntStream.range(0, values.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
              .limit(layer.k())
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

  private static double[] spread(
      Architecture architecture,
      int layer,
      TransposedConvolution t,
      double[] parameters,
      double[] values,
      Shape in,
      Shape out) {
    int weights = tensor(architecture, layer + "_W").offset();
    int biases = tensor(architecture, layer + "_b").offset();
    double[] result = new double[out.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = parameters[biases + i / out.places()];
    }
    int height = t.vertical().kernel();
    int width = t.horizontal().kernel();
    int channels = in.channels() / t.groups();
    for (int v = 0; v < values.length; v++) {
      int channel = v / in.places();
      for (int f = 0; f < t.filters(); f++) {
        if (f / (t.filters() / t.groups()) != channel / channels) {
          continue;
        }
        for (int k = 0; k < height * width; k++) {
          int row = place(t.vertical(), v / in.width() % in.height(), k / width);
          int column = place(t.horizontal(), v % in.width(), k % width);
          if (isInside(out, row, column)) {
            int w = weights + (f * channels + channel % channels) * height * width + k;
            result[(f * out.height() + row) * out.width() + column] += parameters[w] * values[v];
          }
        }
      }
    }
    return result;
  }

  private static double[] interpolated(Interpolation layer, double[] values, Shape in, Shape out) {
    double[] results = new double[out.size()];
    for (int i = 0; i < results.length; i++) {
      double y = coordinate(layer, layer.vertical(), i / out.width() % out.height(), in.height());
      double x = coordinate(layer, layer.horizontal(), i % out.width(), in.width());
      for (int p = 0; p < in.places(); p++) {
        double weight =
            weight(layer.method(), y, p / in.width()) * weight(layer.method(), x, p % in.width());
        results[i] += weight * values[i / out.places() * in.places() + p];
      }
    }
    return results;
  }

  private static double coordinate(
      Interpolation layer, Interpolation.Side side, int at, int length) {
    double place =
        switch (layer.coordinates()) {
          case ASYMMETRIC -> at / side.scale();
          case HALF_PIXEL -> (at + 0.5) / side.scale() - 0.5;
          case PYTORCH_HALF_PIXEL -> side.length() == 1 ? 0 : (at + 0.5) / side.scale() - 0.5;
          case ALIGN_CORNERS -> side.length() == 1 ? 0 : at * (length - 1.0) / (side.length() - 1);
        };
    return Math.max(0, Math.min(length - 1, place));
  }

  /** How much a place counts for a coordinate. */
  private static double weight(Interpolation.Method method, double coordinate, int place) {
    return switch (method) {
      case FLOOR -> place == Math.floor(coordinate) ? 1 : 0;
      case CEILING -> place == Math.ceil(coordinate) ? 1 : 0;
      case NEAREST_FLOOR -> coordinate > place - 0.5 && coordinate <= place + 0.5 ? 1 : 0;
      case NEAREST_CEILING -> coordinate >= place - 0.5 && coordinate < place + 0.5 ? 1 : 0;
      case LINEAR -> Math.max(0, 1 - Math.abs(coordinate - place));
    };
  }

  private static double[] rearranged(Rearrangement layer, double[] values, Shape in, Shape out) {
    double[] results = new double[out.size()];
    int size = layer.channels() == 0 ? out.places() : out.size();
    for (int i = 0; i < results.length; i++) {
      int from = layer.first() + i / size * in.places();
      int rest = i % size;
      for (int side = layer.sides().size() - 1; side >= 0; side--) {
        from += rest % layer.sides().get(side) * layer.strides().get(side);
        rest /= layer.sides().get(side);
      }
      results[i] = values[from];
    }
    return results;
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
