package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Layer;
import dev.pare.graph.Node;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import dev.pare.layers.Batch;
import dev.pare.layers.Blas;
import dev.pare.layers.Blas.Form;
import java.util.Arrays;

/** What the layers of a network read while it answers some examples. */
public final class LayerInputs {
  private static final int BATCH = 64;

  private final Architecture architecture;
  private final Examples examples;
  private final Engine engine;
  private final int batch;
  private final Batch raw;
  private final float[] logits;

  public LayerInputs(Architecture architecture, Examples examples) {
    this.architecture = requireNonNull(architecture, "architecture is null");
    this.examples = requireNonNull(examples, "examples is null");
    this.batch = Math.min(Engines.inferenceBatch(architecture, BATCH), examples.size());
    this.engine = Engines.showingInputs(architecture, batch);
    this.raw = new Batch(examples.features(), batch);
    this.logits = new float[batch * architecture.outputs()];
  }

  /**
   * Bytes that it takes to find moments, at most of all dense layers, convolutions and embeddings.
   */
  public static long momentBytes(Architecture architecture) {
    int batch = Engines.inferenceBatch(architecture, BATCH);
    long most = 0;
    for (int i = 0; i < architecture.layers().size(); i++) {
      Shape read = architecture.inputShape(i);
      Shape written = architecture.outputShape(i);
      Layer layer = architecture.layers().get(i);
      long columns = 0;
      long places = 1;
      if (layer instanceof Dense) {
        columns = read.size();
      } else if (layer instanceof Convolution convolution) {
        columns = (long) read.channels() * convolution.area();
        places = (long) written.height() * written.width();
      } else if (layer instanceof Embedding embedding) {
        columns = embedding.tokens();
        places = 0;
      }
      long matrices = (long) (Double.BYTES + Float.BYTES) * columns * columns;
      long rows = (long) Float.BYTES * batch * (read.size() + places * columns);
      most = Math.max(most, matrices + rows);
    }
    return most + batch * Engines.inferenceBytes(architecture);
  }

  /**
   * Means and second moments of what the weights of one unit are multiplied by: of a dense layer
   * its inputs, of a convolution every place that a filter is laid on, of an embedding numbers that
   * are 1 for the token and 0 for all others.
   *
   * @param mean of each column of the weight
   * @param covariance row-major: {@code Σ (x − mean)(x − mean)ᵀ / count}
   */
  public record Moments(double[] mean, double[] covariance) {
    /** The same about zero: means of 0, and second moments. */
    public Moments aboutZero() {
      int n = mean.length;
      double[] second = covariance.clone();
      for (int r = 0; r < n; r++) {
        for (int c = 0; c < n; c++) {
          second[r * n + c] += mean[r] * mean[c];
        }
      }
      return new Moments(new double[n], second);
    }
  }

  /** Whether a layer's weights are a matrix whose inputs' moments can be found. */
  public static boolean hasMoments(Layer layer) {
    return layer instanceof Dense
        || layer instanceof Embedding
        || layer instanceof Convolution convolution && convolution.groups() == 1;
  }

  /**
   * The moments of what a layer reads.
   *
   * @throws IllegalArgumentException if they cannot be found
   */
  public Moments moments(float[] parameters, int layer) {
    return architecture.layers().get(layer) instanceof Embedding embedding
        ? tokenMoments(tokenShares(parameters, layer, embedding.tokens()))
        : moments(parameters, layer, columns(layer), rows(layer));
  }

  /**
   * The mean square of what each column of a layer's weights is multiplied by, as {@link #moments}
   * has it.
   *
   * @throws IllegalArgumentException if it cannot be found
   */
  public double[] meanSquares(float[] parameters, int layer) {
    if (architecture.layers().get(layer) instanceof Embedding embedding) {
      return tokenShares(parameters, layer, embedding.tokens());
    }
    int columns = columns(layer);
    Rows all = rows(layer);
    double[] squares = new double[columns];
    long[] count = {0};
    forEach(
        parameters,
        layer,
        (inputs, size) -> {
          float[] rows = all.of(inputs, size);
          for (int i = 0; i < rows.length; i++) {
            squares[i % columns] += (double) rows[i] * rows[i];
          }
          count[0] += rows.length / columns;
        });
    for (int c = 0; c < columns; c++) {
      squares[c] /= count[0];
    }
    return squares;
  }

  private int columns(int layer) {
    if (!hasMoments(architecture.layers().get(layer))) {
      throw new IllegalArgumentException("layer " + layer + " has no matrix of weights");
    }
    return architecture.tensors(layer).get(0).columns();
  }

  /** What a dense layer's or a convolution's weights are multiplied by. */
  private Rows rows(int layer) {
    int columns = columns(layer);
    Shape shape = architecture.inputShape(layer);
    Shape output = architecture.outputShape(layer);
    return (inputs, size) ->
        architecture.layers().get(layer) instanceof Convolution convolution
            ? patches(inputs, size, shape, output, convolution)
            : Arrays.copyOf(inputs, size * columns);
  }

  private double[] tokenShares(float[] parameters, int layer, int tokens) {
    double[] shares = new double[tokens];
    double each = 1 / ((double) examples.size() * architecture.inputShape(layer).size());
    forEach(
        parameters,
        layer,
        (inputs, size) -> {
          for (int i = 0; i < size * architecture.inputShape(layer).size(); i++) {
            shares[(int) inputs[i]] += each;
          }
        });
    return shares;
  }

  private static Moments tokenMoments(double[] shares) {
    int tokens = shares.length;
    double[] covariance = new double[tokens * tokens];
    for (int r = 0; r < tokens; r++) {
      for (int c = 0; c < tokens; c++) {
        covariance[r * tokens + c] = (r == c ? shares[r] : 0) - shares[r] * shares[c];
      }
    }
    return new Moments(shares, covariance);
  }

  /**
   * The moments of the rows of what a layer reads, {@code [channel][x]} each: of an LSTM's steps.
   *
   * @param lines how many rows count, from the first
   */
  public Moments lineMoments(float[] parameters, int layer, int lines) {
    Shape s = architecture.inputShape(layer);
    int columns = s.channels() * s.width();
    return moments(
        parameters,
        layer,
        columns,
        (inputs, size) -> {
          float[] rows = new float[size * lines * columns];
          int to = 0;
          for (int b = 0; b < size; b++) {
            for (int y = 0; y < lines; y++) {
              for (int c = 0; c < s.channels(); c++) {
                int from = ((b * s.channels() + c) * s.height() + y) * s.width();
                System.arraycopy(inputs, from, rows, to, s.width());
                to += s.width();
              }
            }
          }
          return rows;
        });
  }

  /** The moments of the channels of every place of what a layer reads. */
  public Moments placeMoments(float[] parameters, int layer) {
    Shape s = architecture.inputShape(layer);
    int area = s.height() * s.width();
    return moments(
        parameters,
        layer,
        s.channels(),
        (inputs, size) -> {
          float[] rows = new float[size * s.size()];
          for (int i = 0; i < rows.length; i++) {
            int example = i / s.size();
            int place = i % s.size() / s.channels();
            rows[i] = inputs[(example * s.channels() + i % s.channels()) * area + place];
          }
          return rows;
        });
  }

  /** What of a layer's inputs weights are multiplied by. */
  private interface Rows {
    /**
     * @param inputs {@code [example][channel][y][x]}
     * @return {@code [row][column]}, of as many rows as there are
     */
    float[] of(float[] inputs, int size);
  }

  private Moments moments(float[] parameters, int layer, int columns, Rows all) {
    double[] sums = new double[columns];
    double[] products = new double[columns * columns];
    float[] block = new float[products.length];
    long[] count = {0};
    forEach(
        parameters,
        layer,
        (inputs, size) -> {
          float[] rows = all.of(inputs, size);
          int number = rows.length / columns;
          Blas.multiply(
              Form.PLAIN,
              Form.TRANSPOSE,
              columns,
              columns,
              number,
              rows,
              0,
              columns,
              rows,
              0,
              columns,
              0,
              block,
              0,
              columns);
          for (int i = 0; i < block.length; i++) {
            products[i] += block[i];
          }
          for (int r = 0; r < number; r++) {
            for (int c = 0; c < columns; c++) {
              sums[c] += rows[r * columns + c];
            }
          }
          count[0] += number;
        });
    for (int c = 0; c < columns; c++) {
      sums[c] /= count[0];
    }
    for (int r = 0; r < columns; r++) {
      for (int c = 0; c < columns; c++) {
        products[r * columns + c] = products[r * columns + c] / count[0] - sums[r] * sums[c];
      }
    }
    return new Moments(sums, products);
  }

  /**
   * For each unit that a layer reads, the share of examples and places where it is not zero.
   *
   * @param units how many units the layer reads: channels, or the inputs of a dense layer in as
   *     many pieces
   */
  public double[] activity(float[] parameters, int layer, int units) {
    int each = architecture.inputShape(layer).size() / units;
    long[] active = new long[units];
    forEach(
        parameters,
        layer,
        (inputs, size) -> {
          for (int b = 0; b < size; b++) {
            for (int unit = 0; unit < units; unit++) {
              int from = (b * units + unit) * each;
              for (int i = from; i < from + each; i++) {
                active[unit] += inputs[i] == 0 ? 0 : 1;
              }
            }
          }
        });
    double[] shares = new double[units];
    for (int unit = 0; unit < units; unit++) {
      shares[unit] = (double) active[unit] / ((long) examples.size() * each);
    }
    return shares;
  }

  /**
   * All that a layer reads.
   *
   * @return {@code [example][channel][y][x]}
   */
  public float[] all(float[] parameters, int layer) {
    int each = architecture.inputShape(layer).size();
    float[] all = new float[Math.multiplyExact(examples.size(), each)];
    int[] filled = {0};
    forEach(
        parameters,
        layer,
        (inputs, size) -> {
          System.arraycopy(inputs, 0, all, filled[0], size * each);
          filled[0] += size * each;
        });
    return all;
  }

  private interface Receiver {
    /**
     * @param inputs {@code [example][channel][y][x]}
     */
    void accept(float[] inputs, int size);
  }

  private void forEach(float[] parameters, int layer, Receiver receiver) {
    float[] inputs = new float[batch * architecture.inputShape(layer).size()];
    int features = examples.features();
    for (int from = 0; from < examples.size(); from += batch) {
      int size = Math.min(batch, examples.size() - from);
      raw.load(examples, from, size);
      engine.forward(parameters, raw, logits);
      if (architecture.source(layer) == Node.NETWORK_INPUT) {
        float scale = 1 / architecture.input().divisor();
        float[] floats = raw.floats();
        for (int i = 0; i < size * features; i++) {
          inputs[i] = floats[i] * scale;
        }
      } else {
        engine.copyInput(layer, size, inputs);
      }
      receiver.accept(inputs, size);
    }
  }

  /**
   * All that filters are laid on, a row each: {@code [example, y, x][channel, ky, kx]}; zero in the
   * padding.
   */
  private static float[] patches(float[] in, int size, Shape s, Shape output, Convolution layer) {
    Window vertical = layer.vertical();
    Window horizontal = layer.horizontal();
    int places = size * output.places();
    float[] rows = new float[Math.multiplyExact(places, s.channels() * layer.area())];
    int to = 0;
    for (int b = 0; b < size; b++) {
      for (int y = 0; y < output.height(); y++) {
        for (int x = 0; x < output.width(); x++) {
          for (int c = 0; c < s.channels(); c++) {
            for (int ky = 0; ky < vertical.kernel(); ky++) {
              int row = y * vertical.stride() + ky * vertical.dilation() - vertical.before();
              int line = ((b * s.channels() + c) * s.height() + row) * s.width();
              boolean inside = row >= 0 && row < s.height();
              for (int kx = 0; kx < horizontal.kernel(); kx++) {
                int column =
                    x * horizontal.stride() + kx * horizontal.dilation() - horizontal.before();
                rows[to++] = inside && column >= 0 && column < s.width() ? in[line + column] : 0;
              }
            }
          }
        }
      }
    }
    return rows;
  }
}
