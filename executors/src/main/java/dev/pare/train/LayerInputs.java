package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import dev.pare.layers.Blas;
import dev.pare.layers.Blas.Form;
import dev.pare.model.Architecture;
import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer;

/** What the layers of a network read while it answers some examples. */
public final class LayerInputs {
  private static final int BATCH = 64;

  private final Architecture architecture;
  private final Examples examples;
  private final FusedEngine engine;
  private final int batch;
  private final float[] raw;
  private final float[] logits;

  public LayerInputs(Architecture architecture, Examples examples) {
    this.architecture = requireNonNull(architecture, "architecture is null");
    this.examples = requireNonNull(examples, "examples is null");
    this.batch = Math.min(BATCH, examples.size());
    this.engine = new FusedEngine(architecture, batch);
    this.raw = new float[batch * examples.features()];
    this.logits = new float[batch * architecture.classes()];
  }

  /**
   * Means and second moments of what the weights of one unit are multiplied by: of a dense layer
   * its inputs, of a convolution every place that a filter is laid on.
   *
   * @param mean of each column of the weight
   * @param covariance row-major: {@code Σ (x − mean)(x − mean)ᵀ / count}
   */
  public record Moments(double[] mean, double[] covariance) {}

  /**
   * The moments of what a layer reads.
   *
   * @throws IllegalArgumentException if the layer is neither dense nor a convolution
   */
  public Moments moments(float[] parameters, int layer) {
    Shape shape = architecture.shapes().get(layer);
    int columns =
        switch (architecture.layers().get(layer).kind()) {
          case DENSE -> shape.size();
          case CONVOLUTION -> {
            int kernel = ((Layer.Convolution) architecture.layers().get(layer)).kernel();
            yield shape.channels() * kernel * kernel;
          }
          case POOLING,
                  BATCH_NORMALIZATION,
                  SHORTCUT,
                  LSTM,
                  POSITIONS,
                  LAYER_NORMALIZATION,
                  SELF_ATTENTION,
                  SPARSE_ACTIVATION,
                  STOCK ->
              throw new IllegalArgumentException("layer " + layer + " has no matrix of weights");
        };
    double[] sums = new double[columns];
    double[] products = new double[columns * columns];
    float[] block = new float[products.length];
    long[] count = {0};
    forEach(
        parameters,
        layer,
        (inputs, size) -> {
          float[] rows = inputs;
          int number = size;
          if (architecture.layers().get(layer) instanceof Layer.Convolution convolution) {
            rows = patches(inputs, size, shape, convolution);
            number = rows.length / columns;
          }
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
    int each = architecture.shapes().get(layer).size() / units;
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
    int each = architecture.shapes().get(layer).size();
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
    float[] inputs = new float[batch * architecture.shapes().get(layer).size()];
    int features = examples.features();
    for (int from = 0; from < examples.size(); from += batch) {
      int size = Math.min(batch, examples.size() - from);
      for (int b = 0; b < size; b++) {
        examples.copyFeatures(from + b, raw, b * features);
      }
      engine.forward(parameters, raw, size, logits);
      if (layer == 0) {
        float scale = 1 / architecture.input().divisor();
        for (int i = 0; i < size * features; i++) {
          inputs[i] = raw[i] * scale;
        }
      } else {
        engine.copyInput(layer, size, inputs);
      }
      receiver.accept(inputs, size);
    }
  }

  /** All that filters are laid on, a row each: {@code [example, y, x][channel, ky, kx]}. */
  private static float[] patches(float[] in, int size, Shape s, Layer.Convolution layer) {
    int kernel = layer.kernel();
    int height = (s.height() - kernel) / layer.stride() + 1;
    int width = (s.width() - kernel) / layer.stride() + 1;
    float[] rows = new float[size * height * width * s.channels() * kernel * kernel];
    int to = 0;
    for (int b = 0; b < size; b++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          for (int c = 0; c < s.channels(); c++) {
            for (int ky = 0; ky < kernel; ky++) {
              int line = (b * s.channels() + c) * s.height() + y * layer.stride() + ky;
              System.arraycopy(in, line * s.width() + x * layer.stride(), rows, to, kernel);
              to += kernel;
            }
          }
        }
      }
    }
    return rows;
  }
}
