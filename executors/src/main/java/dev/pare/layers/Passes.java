package dev.pare.layers;

import dev.pare.graph.Architecture;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelPooling;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Crop;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Embedding;
import dev.pare.graph.Factored;
import dev.pare.graph.GroupNormalization;
import dev.pare.graph.Gru;
import dev.pare.graph.Interpolation;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Mask;
import dev.pare.graph.MatrixProduct;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.Prelu;
import dev.pare.graph.Quantization;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Reversal;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Softmax;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.Window;
import dev.pare.graph.ZeroPadding;
import dev.pare.layers.ConvolutionPass.Ending;
import dev.pare.layers.MaximumOfFourPass.Finish;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which pass each kind of layer has. */
final class Passes {
  private static final Map<Class<?>, Kind<?>> KINDS = new HashMap<>();

  static {
    put(Dense.class, (l, p) -> new DensePass(l, p.input(), p.parameters(), p.largestBatch()));
    put(Convolution.class, Passes::convolution);
    put(Pooling.class, Passes::pooling);
    put(
        BatchNormalization.class,
        (l, p) -> new BatchNormalizationPass(l, p.input(), p.parameters(), p.largestBatch()));
    join(
        Shortcut.class,
        (l, p) -> new ShortcutPass(l, p.inputs().get(0), p.inputs().get(1), p.largestBatch()));
    put(
        Lstm.class,
        (l, p) -> new LstmPass(l, p.input(), p.shape(), p.parameters(), p.largestBatch()));
    put(
        Gru.class,
        (l, p) -> new GruPass(l, p.input(), p.shape(), p.parameters(), p.largestBatch()));
    put(
        Embedding.class,
        (l, p) -> new EmbeddingPass(l, p.input(), p.shape(), p.parameters(), p.largestBatch()));
    put(Positions.class, (l, p) -> new PositionsPass(p.input(), p.parameters(), p.largestBatch()));
    put(
        LayerNormalization.class,
        (l, p) -> new LayerNormalizationPass(l, p.input(), p.parameters(), p.largestBatch()));
    put(
        SelfAttention.class,
        (l, p) -> new SelfAttentionPass(l, p.input(), p.parameters(), p.largestBatch()));
    put(SparseActivation.class, (l, p) -> new SparseActivationPass(l, p.input(), p.largestBatch()));
    put(
        Factored.class,
        (l, p) ->
            new FactoredPass(
                l, make(l.inner(), p.beginningAt(0)), p.architecture().tensors(p.index())));
    put(
        ChannelPooling.class,
        (l, p) -> new ChannelPoolingPass(l, p.input(), p.shape(), p.largestBatch()));
    put(
        GroupNormalization.class,
        (l, p) -> new GroupNormalizationPass(l, p.input(), p.parameters(), p.largestBatch()));
    put(
        TransposedConvolution.class,
        (l, p) ->
            new TransposedConvolutionPass(
                l, p.input(), p.shape(), p.parameters(), p.largestBatch()));
    put(Prelu.class, (l, p) -> new PreluPass(p.input(), p.parameters(), p.largestBatch()));
    put(Quantization.class, (l, p) -> new QuantizationPass(l, p.input(), p.largestBatch()));
    put(Softmax.class, (l, p) -> new SoftmaxPass(l, p.input(), p.largestBatch()));
    put(Elementwise.class, (l, p) -> new ElementwisePass(l, p.input(), p.largestBatch()));
    join(
        Concatenation.class,
        (l, p) -> new ConcatenationPass(p.inputs(), p.shape(), p.largestBatch()));
    join(
        ChannelSelection.class,
        (l, p) -> new ChannelSelectionPass(l, p.input(), p.shape(), p.largestBatch()));
    join(
        Arithmetic.class,
        (l, p) ->
            new ArithmeticPass(
                l, p.inputs().get(0), p.inputs().get(1), p.shape(), p.largestBatch()));
    join(
        MatrixProduct.class,
        (l, p) ->
            new MatrixProductPass(
                l, p.inputs().get(0), p.inputs().get(1), p.shape(), p.largestBatch()));
    join(Mask.class, (l, p) -> new MaskPass(l, p.input(), p.largestBatch()));
    join(
        ZeroPadding.class,
        (l, p) -> new ZeroPaddingPass(l, p.input(), p.shape(), p.largestBatch()));
    join(
        Interpolation.class,
        (l, p) -> new InterpolationPass(l, p.input(), p.shape(), p.largestBatch()));
    join(
        Rearrangement.class,
        (l, p) -> new RearrangementPass(l, p.input(), p.shape(), p.largestBatch()));
    join(Crop.class, (l, p) -> new CropPass(l, p.input(), p.shape(), p.largestBatch()));
    join(Reversal.class, (l, p) -> new ReversalPass(p.input(), p.largestBatch()));
    put(Dl4jLayer.class, (l, p) -> new Dl4jPass(l, p.input(), p.parameters(), p.largestBatch()));
  }

  private Passes() {}

  /**
   * Where a pass stands.
   *
   * @param index of its layer
   * @param inputs what it reads
   * @param parameters index of the layer's first parameter
   */
  record Place(
      Architecture architecture,
      int index,
      List<LayerPass> inputs,
      int parameters,
      int largestBatch) {
    LayerPass input() {
      return inputs.get(0);
    }

    /** Shape of the output. */
    Shape shape() {
      return architecture.outputShape(index);
    }

    Place beginningAt(int first) {
      return new Place(architecture, index, inputs, first, largestBatch);
    }
  }

  private interface Maker<L extends Layer> {
    LayerPass make(L layer, Place place);
  }

  /**
   * @param joins whether what is made is a {@link JoinPass}
   */
  private record Kind<L extends Layer>(Class<L> layer, boolean joins, Maker<L> maker) {
    LayerPass make(Layer of, Place place) {
      return maker.make(layer.cast(of), place);
    }
  }

  private static <L extends Layer> void put(Class<L> layer, Maker<L> maker) {
    KINDS.put(layer, new Kind<>(layer, false, maker));
  }

  private static <L extends Layer> void join(Class<L> layer, Maker<L> maker) {
    KINDS.put(layer, new Kind<>(layer, true, maker));
  }

  /** The classes of layers that Pare's own passes run; DL4J's layers are apart. */
  static Set<Class<?>> kinds() {
    Set<Class<?>> own = new HashSet<>(KINDS.keySet());
    own.remove(Dl4jLayer.class);
    return own;
  }

  /** Whether a layer's pass is a {@link JoinPass}, which gives gradients when they are asked. */
  static boolean joins(Layer layer) {
    return kind(layer).joins();
  }

  static LayerPass make(Layer layer, Place place) {
    return kind(layer).make(layer, place);
  }

  private static Kind<?> kind(Layer layer) {
    Kind<?> kind = KINDS.get(layer.getClass());
    if (kind == null) {
      throw new IllegalArgumentException("no pass for a " + layer.title());
    }
    return kind;
  }

  private static LayerPass convolution(Convolution layer, Place place) {
    if (layer.groups() > 1 && layer.groups() == place.input().shape().channels()) {
      return new DepthwiseConvolutionPass(
          layer, place.input(), place.shape(), place.parameters(), place.largestBatch());
    }
    if (layer.vertical().dilation() > 1) {
      return new DilatedConvolutionPass(
          layer, place.input(), place.shape(), place.parameters(), place.largestBatch());
    }
    boolean points =
        layer.groups() == 1
            && layer.vertical().equals(Window.POINTS)
            && layer.horizontal().equals(Window.POINTS);
    return points
        ? new PointwisePass(
            layer, place.input(), place.shape(), place.parameters(), place.largestBatch())
        : new ConvolutionPass(
            layer,
            place.input(),
            place.shape(),
            place.parameters(),
            ending(layer, place),
            place.largestBatch());
  }

  /** A pooling layer may end a convolution, if nobody else reads it. */
  private static Ending ending(Convolution layer, Place place) {
    Architecture architecture = place.architecture();
    List<Integer> readers = architecture.readers(place.index());
    return architecture.layers().get(place.index()) == layer
            && readers.size() == 1
            && isMaximumOfFour(architecture.layers().get(readers.get(0)))
        ? Ending.IN_POOLING
        : Ending.HERE;
  }

  private static boolean isMaximumOfFour(Layer layer) {
    return layer instanceof Pooling pooling
        && pooling.pool() == Pooling.Pool.MAX
        && pooling.isPlain()
        && pooling.vertical().kernel() == 2
        && pooling.vertical().stride() == 2;
  }

  private static LayerPass pooling(Pooling layer, Place place) {
    LayerPass input = place.input();
    if (!isMaximumOfFour(layer)) {
      return new PoolingPass(layer, input, place.shape(), place.largestBatch());
    }
    Finish finish =
        input instanceof ConvolutionPass convolution && convolution.ending() == Ending.IN_POOLING
            ? new Finish(convolution.activation(), convolution.biases())
            : null;
    return new MaximumOfFourPass(input, place.shape(), finish, place.largestBatch());
  }
}
