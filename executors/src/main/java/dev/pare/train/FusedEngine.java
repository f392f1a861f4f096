package dev.pare.train;

import dev.pare.model.Architecture;
import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer;
import dev.pare.model.ParameterTensor;
import dev.pare.train.ConvolutionPass.Ending;
import dev.pare.train.LayerPass.Mode;
import dev.pare.train.MaximumOfFourPass.Finish;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pare's own layers on heap arrays: every product once, none that nobody reads, bias and activation
 * in one pass, gradients written where they belong. Allocates nothing after it is made.
 */
final class FusedEngine implements Engine {
  private final List<LayerPass> passes = new ArrayList<>();
  private final @Nullable FirstDensePass firstDense;
  private final @Nullable InputPass input;
  private final LayerPass last;
  private final int largestBatch;
  private final float[] logits;
  private final float[] logitGradient;

  FusedEngine(Architecture architecture, int largestBatch) {
    this.largestBatch = largestBatch;
    float scale = 1 / architecture.input().divisor();
    List<Shape> shapes = architecture.shapes();
    List<Layer> layers = architecture.layers();
    if (layers.get(0) instanceof Layer.Dense dense) {
      this.input = null;
      this.firstDense = new FirstDensePass(dense, architecture.input().size(), scale, largestBatch);
      passes.add(firstDense);
    } else {
      this.firstDense = null;
      this.input = new InputPass(shapes.get(0), scale, largestBatch);
      passes.add(input);
    }
    int[] offsets = offsets(architecture);
    for (int i = firstDense == null ? 0 : 1; i < layers.size(); i++) {
      LayerPass before = passes.get(passes.size() - 1);
      Shape shape = shapes.get(i + 1);
      Layer layer = layers.get(i);
      passes.add(
          switch (layer.kind()) {
            case DENSE -> new DensePass((Layer.Dense) layer, before, offsets[i], largestBatch);
            case CONVOLUTION -> {
              boolean poolingEnds = i + 1 < layers.size() && isMaximumOfFour(layers.get(i + 1));
              yield new ConvolutionPass(
                  (Layer.Convolution) layer,
                  before,
                  shape,
                  offsets[i],
                  poolingEnds ? Ending.IN_POOLING : Ending.HERE,
                  largestBatch);
            }
            case BATCH_NORMALIZATION ->
                new BatchNormalizationPass(
                    (Layer.BatchNormalization) layer, before, offsets[i], largestBatch);
            case STOCK -> new StockPass((Layer.Stock) layer, before, offsets[i], largestBatch);
            case POOLING -> pooling((Layer.Pooling) layer, before, shape, largestBatch);
          });
    }
    this.last = passes.get(passes.size() - 1);
    this.logits = new float[last.output().length];
    this.logitGradient = new float[logits.length];
  }

  private static boolean isMaximumOfFour(Layer layer) {
    return layer instanceof Layer.Pooling pooling
        && pooling.pool() == Layer.Pool.MAX
        && pooling.window() == 2
        && pooling.stride() == 2;
  }

  private static LayerPass pooling(
      Layer.Pooling layer, LayerPass input, Shape shape, int largestBatch) {
    if (!isMaximumOfFour(layer)) {
      return new PoolingPass(layer, input, shape, largestBatch);
    }
    Finish finish =
        input instanceof ConvolutionPass convolution
            ? new Finish(convolution.activation(), convolution.biases())
            : null;
    return new MaximumOfFourPass(input, shape, finish, largestBatch);
  }

  /** Where each layer's parameters begin. */
  private static int[] offsets(Architecture architecture) {
    int[] offsets = new int[architecture.layers().size()];
    List<ParameterTensor> tensors = architecture.tensors();
    for (int t = tensors.size() - 1; t >= 0; t--) {
      offsets[tensors.get(t).layer()] = tensors.get(t).offset();
    }
    return offsets;
  }

  @Override
  public void forward(float[] parameters, float[] inputs, int batch, float[] target) {
    forward(parameters, inputs, batch, target, Mode.INFERENCE);
  }

  private void forward(float[] parameters, float[] inputs, int batch, float[] target, Mode mode) {
    if (batch < 1 || batch > largestBatch) {
      throw new IllegalArgumentException("a batch of " + batch + ", at most " + largestBatch);
    }
    if (firstDense != null) {
      firstDense.load(inputs);
    } else if (input != null) {
      input.load(inputs, batch);
    }
    for (LayerPass pass : passes) {
      pass.forward(parameters, batch, mode);
    }
    transpose(last.output(), last.shape().size(), batch, target);
  }

  /**
   * What a layer but the first has read in the forward pass before.
   *
   * @param target {@code [example][channel][y][x]}, written
   */
  void copyInput(int layer, int batch, float[] target) {
    LayerPass before = passes.get(firstDense == null ? layer : layer - 1);
    Shape shape = before.shape();
    float[] output = before.output();
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          int from = ((y * shape.channels() + c) * shape.width() + x) * batch;
          int to = (c * shape.height() + y) * shape.width() + x;
          for (int b = 0; b < batch; b++) {
            target[b * shape.size() + to] = output[from + b];
          }
        }
      }
    }
  }

  @Override
  public double gradient(
      float[] parameters, float[] inputs, int batch, LogitLoss loss, float[] gradient) {
    forward(parameters, inputs, batch, logits, Mode.TRAINING);
    double value = loss.gradient(logits, batch, logitGradient);
    transpose(logitGradient, batch, last.shape().size(), last.outputGradient());
    for (int i = passes.size() - 1; i >= 0; i--) {
      passes.get(i).backward(parameters, gradient, batch);
    }
    return value;
  }

  private static void transpose(float[] from, int rows, int columns, float[] to) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        to[c * rows + r] = from[r * columns + c];
      }
    }
  }

  @Override
  public void close() {}
}
