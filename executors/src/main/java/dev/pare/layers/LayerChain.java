package dev.pare.layers;

import dev.pare.layers.ConvolutionPass.Ending;
import dev.pare.layers.LayerPass.Mode;
import dev.pare.layers.MaximumOfFourPass.Finish;
import dev.pare.model.Architecture;
import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer;
import dev.pare.model.Layer.Axis;
import dev.pare.model.ParameterTensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An architecture's layers on heap arrays: every product once, none that nobody reads, bias and
 * activation in one pass, gradients written where they belong. Allocates nothing after its first
 * step, unless DL4J runs a layer.
 */
public final class LayerChain {
  private final List<LayerPass> passes = new ArrayList<>();
  private final @Nullable FirstDensePass firstDense;
  private final @Nullable InputPass input;
  private final LayerPass last;

  /** What starts from a pass's output, beside the pass after it. */
  private final Map<LayerPass, List<ShortcutPass>> shortcuts = new IdentityHashMap<>();

  /** Passes for batches of up to {@code largestBatch} examples. */
  public LayerChain(Architecture architecture, int largestBatch) {
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
      passes.add(pass(architecture, i, offsets[i], largestBatch));
    }
    this.last = passes.get(passes.size() - 1);
  }

  private LayerPass pass(Architecture architecture, int index, int parameters, int largestBatch) {
    Layer layer = architecture.layers().get(index);
    if (layer instanceof Layer.Factored factored) {
      LayerPass inner = pass(factored.inner(), architecture, index, 0, Ending.HERE, largestBatch);
      return new FactoredPass(
          factored,
          inner,
          architecture.tensors().stream().filter(tensor -> tensor.layer() == index).toList());
    }
    return pass(layer, architecture, index, parameters, ending(architecture, index), largestBatch);
  }

  private LayerPass pass(
      Layer layer,
      Architecture architecture,
      int index,
      int parameters,
      Ending ending,
      int largestBatch) {
    LayerPass before = passes.get(passes.size() - 1);
    Shape shape = architecture.shapes().get(index + 1);
    return switch (layer.kind()) {
      case DENSE -> new DensePass((Layer.Dense) layer, before, parameters, largestBatch);
      case CONVOLUTION -> {
        Layer.Convolution convolution = (Layer.Convolution) layer;
        yield convolution.vertical().equals(Axis.POINTS)
                && convolution.horizontal().equals(Axis.POINTS)
            ? new PointwisePass(convolution, before, shape, parameters, largestBatch)
            : new ConvolutionPass(convolution, before, shape, parameters, ending, largestBatch);
      }
      case POOLING -> pooling((Layer.Pooling) layer, before, shape, largestBatch);
      case BATCH_NORMALIZATION ->
          new BatchNormalizationPass(
              (Layer.BatchNormalization) layer, before, parameters, largestBatch);
      case SHORTCUT ->
          shortcut(
              (Layer.Shortcut) layer, before, architecture.shortcutStride(index), largestBatch);
      case LSTM -> new LstmPass((Layer.Lstm) layer, before, shape, parameters, largestBatch);
      case POSITIONS -> new PositionsPass(before, parameters, largestBatch);
      case LAYER_NORMALIZATION ->
          new LayerNormalizationPass(
              (Layer.LayerNormalization) layer, before, parameters, largestBatch);
      case SELF_ATTENTION ->
          new SelfAttentionPass((Layer.SelfAttention) layer, before, parameters, largestBatch);
      case SPARSE_ACTIVATION ->
          new SparseActivationPass((Layer.SparseActivation) layer, before, largestBatch);
      case FACTORED -> throw new IllegalArgumentException("a factored layer in another: " + layer);
      case STOCK -> new StockPass((Layer.Stock) layer, before, parameters, largestBatch);
    };
  }

  private ShortcutPass shortcut(
      Layer.Shortcut layer, LayerPass before, int stride, int largestBatch) {
    LayerPass source = passes.get(layer.from() + (firstDense == null ? 1 : 0));
    ShortcutPass pass = new ShortcutPass(layer, before, source, stride, largestBatch);
    shortcuts.computeIfAbsent(source, s -> new ArrayList<>()).add(pass);
    return pass;
  }

  /** A pooling layer may end a convolution, if nobody else reads it. */
  private static Ending ending(Architecture architecture, int convolution) {
    List<Layer> layers = architecture.layers();
    return convolution + 1 < layers.size()
            && isMaximumOfFour(layers.get(convolution + 1))
            && !architecture.isShortcutSource(convolution)
        ? Ending.IN_POOLING
        : Ending.HERE;
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
        input instanceof ConvolutionPass convolution && convolution.ending() == Ending.IN_POOLING
            ? new Finish(convolution.activation(), convolution.biases())
            : null;
    return new MaximumOfFourPass(input, shape, finish, largestBatch);
  }

  /** How many numbers the buffers have for each example when nothing but outputs is wanted. */
  public long inferenceFloats() {
    return passes.stream().mapToLong(pass -> pass.floatsAnExample(Mode.INFERENCE)).sum();
  }

  /** How many numbers the buffers have for each example in training. */
  public long trainingFloats() {
    return passes.stream().mapToLong(pass -> pass.floatsAnExample(Mode.TRAINING)).sum();
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

  /**
   * The logits of a batch.
   *
   * @param inputs {@code [batch × features]}, raw
   * @param logits {@code [batch × classes]}, written
   */
  public void forward(float[] parameters, float[] inputs, int batch, float[] logits) {
    forward(parameters, inputs, batch, logits, Mode.INFERENCE);
  }

  /**
   * The logits of a batch, whose gradient will be asked for next; batch normalization works with
   * the batch's statistics.
   *
   * @param inputs {@code [batch × features]}, raw; must stay as they are until then
   * @param logits {@code [batch × classes]}, written
   */
  public void forwardInTraining(float[] parameters, float[] inputs, int batch, float[] logits) {
    forward(parameters, inputs, batch, logits, Mode.TRAINING);
  }

  private void forward(float[] parameters, float[] inputs, int batch, float[] logits, Mode mode) {
    if (firstDense != null) {
      firstDense.load(inputs);
    } else if (input != null) {
      input.load(inputs, batch);
    }
    for (LayerPass pass : passes) {
      pass.forward(parameters, batch, mode);
    }
    transpose(last.output(), last.shape().size(), batch, logits);
  }

  /**
   * The gradient of the parameters from that of the logits of {@link #forwardInTraining}.
   *
   * @param logitGradient {@code [batch × classes]}
   * @param gradient in the layout of the architecture, overwritten
   */
  public void backward(float[] parameters, float[] logitGradient, int batch, float[] gradient) {
    transpose(logitGradient, batch, last.shape().size(), last.outputGradient());
    for (int i = passes.size() - 1; i >= 0; i--) {
      LayerPass pass = passes.get(i);
      for (ShortcutPass shortcut : shortcuts.getOrDefault(pass, List.of())) {
        shortcut.addToSource(batch);
      }
      pass.backward(parameters, gradient, batch);
    }
  }

  private static void transpose(float[] from, int rows, int columns, float[] to) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        to[c * rows + r] = from[r * columns + c];
      }
    }
  }

  /**
   * Adds to each count in how many examples a number was not zero that a layer after the first read
   * in the last forward pass.
   *
   * @param counts {@code [channel][y][x]}, added to
   */
  public void countNonzeroInputs(int layer, int batch, long[] counts) {
    LayerPass before = passes.get(firstDense == null ? layer : layer - 1);
    Shape shape = before.shape();
    float[] output = before.output();
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          int from = ((y * shape.channels() + c) * shape.width() + x) * batch;
          int nonzero = 0;
          for (int i = from; i < from + batch; i++) {
            nonzero += output[i] == 0 ? 0 : 1;
          }
          counts[(c * shape.height() + y) * shape.width() + x] += nonzero;
        }
      }
    }
  }

  /**
   * What a layer after the first read in the last forward pass.
   *
   * @param target {@code [example][channel][y][x]}, written
   */
  public void copyInput(int layer, int batch, float[] target) {
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
}
