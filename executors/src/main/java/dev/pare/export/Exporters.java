package dev.pare.export;

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
import java.util.HashMap;
import java.util.Map;

/** Which nodes each kind of layer becomes, one a line. */
final class Exporters {
  private static final Map<Class<?>, Kind<?>> KINDS = new HashMap<>();

  static {
    put(Dense.class, WeightLayers::dense);
    put(Convolution.class, WeightLayers::convolution);
    put(Factored.class, (layer, place) -> sums(layer.inner(), place));
    put(TransposedConvolution.class, WeightLayers::transposed);
    put(Lstm.class, RecurrentLayers::lstm);
    put(Gru.class, RecurrentLayers::gru);
    put(Embedding.class, SequenceLayers::embedding);
    put(Crop.class, SequenceLayers::crop);
    put(Reversal.class, SequenceLayers::reversal);
    put(SelfAttention.class, AttentionLayers::attention);
    put(MatrixProduct.class, AttentionLayers::product);
    put(Mask.class, AttentionLayers::mask);
    put(Positions.class, AttentionLayers::positions);
    put(BatchNormalization.class, NormalizationLayers::batch);
    put(LayerNormalization.class, NormalizationLayers::layer);
    put(GroupNormalization.class, NormalizationLayers::group);
    put(Pooling.class, PoolingLayers::pooling);
    put(ChannelPooling.class, PoolingLayers::channels);
    put(Interpolation.class, PoolingLayers::interpolation);
    put(Elementwise.class, ElementwiseLayers::function);
    put(SparseActivation.class, ElementwiseLayers::sparse);
    put(Prelu.class, ElementwiseLayers::prelu);
    put(Quantization.class, ElementwiseLayers::quantization);
    put(Softmax.class, ElementwiseLayers::softmax);
    put(Shortcut.class, JoiningLayers::shortcut);
    put(Arithmetic.class, JoiningLayers::arithmetic);
    put(Concatenation.class, JoiningLayers::concatenation);
    put(ChannelSelection.class, JoiningLayers::selection);
    put(ZeroPadding.class, JoiningLayers::padding);
    put(Rearrangement.class, JoiningLayers::rearrangement);
  }

  private Exporters() {}

  /** Adds what a layer does before its activation. */
  @FunctionalInterface
  private interface Exporter<L extends Layer> {
    Value export(L layer, Place place);
  }

  private record Kind<L extends Layer>(Class<L> layer, Exporter<L> exporter) {
    Value export(Layer of, Place place) {
      return exporter.export(layer.cast(of), place);
    }
  }

  private static <L extends Layer> void put(Class<L> layer, Exporter<L> exporter) {
    KINDS.put(layer, new Kind<>(layer, exporter));
  }

  /** Whether layers of this kind can be exported. */
  static boolean knows(Class<?> layer) {
    return KINDS.containsKey(layer);
  }

  /**
   * Adds a layer's nodes, its activation left out.
   *
   * @throws ExportException if ONNX has nothing like it
   */
  static Value sums(Layer layer, Place place) {
    Kind<?> kind = KINDS.get(layer.getClass());
    if (kind == null) {
      throw new ExportException(
          "layer %d is a %s, which cannot be exported to ONNX"
              .formatted(place.index(), layer.title()));
    }
    return kind.export(layer, place);
  }
}
