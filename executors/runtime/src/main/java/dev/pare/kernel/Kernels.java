package dev.pare.kernel;

import dev.pare.graph.Arithmetic;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelPooling;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Crop;
import dev.pare.graph.Dense;
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
import dev.pare.graph.Parameter;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.Prelu;
import dev.pare.graph.Quantization;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Reversal;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Softmax;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.ZeroPadding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which kernel each kind of layer has. */
final class Kernels {
  private static final Map<Class<?>, Kind<?>> KINDS = new HashMap<>();

  static {
    put(Dense.class, DenseKernel::new);
    put(Convolution.class, ConvolutionKernel::new);
    put(TransposedConvolution.class, TransposedConvolutionKernel::new);
    put(Pooling.class, PoolingKernel::new);
    put(ChannelPooling.class, (layer, place) -> new ChannelPoolingKernel(layer));
    put(BatchNormalization.class, BatchNormalizationKernel::new);
    put(GroupNormalization.class, GroupNormalizationKernel::new);
    put(LayerNormalization.class, LayerNormalizationKernel::new);
    put(Shortcut.class, ShortcutKernel::new);
    put(Arithmetic.class, ArithmeticKernel::new);
    put(MatrixProduct.class, MatrixProductKernel::new);
    put(Mask.class, MaskKernel::new);
    put(Concatenation.class, (layer, place) -> new ConcatenationKernel());
    put(ChannelSelection.class, MoveKernel::of);
    put(Crop.class, MoveKernel::of);
    put(Reversal.class, MoveKernel::of);
    put(ZeroPadding.class, MoveKernel::of);
    put(Rearrangement.class, MoveKernel::of);
    put(Interpolation.class, InterpolationKernel::new);
    put(Elementwise.class, (layer, place) -> new ElementwiseKernel(layer));
    put(Quantization.class, (layer, place) -> new QuantizationKernel(layer));
    put(Prelu.class, (layer, place) -> new PreluKernel(place));
    put(Positions.class, (layer, place) -> new PositionsKernel(place));
    put(Softmax.class, SoftmaxKernel::new);
    put(SparseActivation.class, (layer, place) -> new SparseActivationKernel(layer));
    put(Embedding.class, (layer, place) -> new EmbeddingKernel(place));
    put(Lstm.class, LstmKernel::new);
    put(Gru.class, GruKernel::new);
    put(SelfAttention.class, SelfAttentionKernel::new);
    put(Factored.class, Kernels::factored);
  }

  private Kernels() {}

  private interface Maker<L extends Layer> {
    Kernel make(L layer, Place place);
  }

  private record Kind<L extends Layer>(Class<L> layer, Maker<L> maker) {
    Kernel make(Layer of, Place place) {
      return maker.make(layer.cast(of), place);
    }
  }

  private static <L extends Layer> void put(Class<L> layer, Maker<L> maker) {
    KINDS.put(layer, new Kind<>(layer, maker));
  }

  /** The kinds of layers that have one. */
  static Set<Class<?>> kinds() {
    return Set.copyOf(KINDS.keySet());
  }

  /**
   * The kernel of a layer.
   *
   * @throws IllegalArgumentException if its kind has none
   */
  static Kernel of(Layer layer, Place place) {
    Kind<?> kind = KINDS.get(layer.getClass());
    if (kind == null) {
      throw new IllegalArgumentException("a " + layer.title() + " runs in DL4J alone");
    }
    return kind.make(layer, place);
  }

  /** The kernel of the inner layer, of weights that are products. */
  private static Kernel factored(Factored layer, Place place) {
    Iterator<Matrix> next = place.parameters().iterator();
    Iterator<Integer> ranks = layer.ranks().iterator();
    List<Matrix> whole = new ArrayList<>();
    for (Parameter parameter : layer.inner().parameters(place.inputs())) {
      if (!parameter.isWeight() || ranks.next() == 0) {
        whole.add(next.next());
        continue;
      }
      boolean isExact = layer.sparseResidual() == Factored.SparseResidual.NONE;
      whole.add(
          new FactoredMatrix(next.next(), next.next(), isExact ? List.of() : List.of(next.next())));
    }
    return of(layer.inner(), new Place(place.inputs(), place.output(), whole));
  }
}
