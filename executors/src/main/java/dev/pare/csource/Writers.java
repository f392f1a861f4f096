package dev.pare.csource;

import dev.pare.export.ExportException;
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
import dev.pare.kernel.IntegerLayer;
import dev.pare.kernel.Requantization;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which statements each kind of layer becomes, one a line. */
final class Writers {
  private static final Map<Class<?>, Kind<?>> KINDS = new HashMap<>();

  static {
    put(Dense.class, Reading.LINEAR, SummingLayers::dense);
    put(Convolution.class, Reading.LINEAR, SummingLayers::convolution);
    put(TransposedConvolution.class, Reading.LINEAR, SummingLayers::transposed);
    put(Factored.class, Reading.INNER, (layer, place) -> write(layer.inner(), place));
    put(Embedding.class, Reading.OTHER, SummingLayers::embedding);
    put(Lstm.class, Reading.OTHER, RecurrentLayers::lstm);
    put(Gru.class, Reading.OTHER, RecurrentLayers::gru);
    put(SelfAttention.class, Reading.OTHER, AttentionLayers::attention);
    put(MatrixProduct.class, Reading.OTHER, AttentionLayers::product);
    put(Mask.class, Reading.OTHER, AttentionLayers::mask);
    put(Positions.class, Reading.OTHER, AttentionLayers::positions);
    put(BatchNormalization.class, Reading.OTHER, NormalizationLayers::batch);
    put(LayerNormalization.class, Reading.OTHER, NormalizationLayers::layer);
    put(GroupNormalization.class, Reading.OTHER, NormalizationLayers::group);
    put(Pooling.class, Reading.OTHER, PoolingLayers::pooling);
    put(ChannelPooling.class, Reading.OTHER, PoolingLayers::channels);
    put(Interpolation.class, Reading.OTHER, PoolingLayers::interpolation);
    put(Elementwise.class, Reading.OTHER, ElementwiseLayers::function);
    put(SparseActivation.class, Reading.OTHER, ElementwiseLayers::sparse);
    put(Prelu.class, Reading.OTHER, ElementwiseLayers::prelu);
    put(Quantization.class, Reading.OTHER, IntegerLayers::quantization);
    put(Softmax.class, Reading.OTHER, ElementwiseLayers::softmax);
    put(Shortcut.class, Reading.OTHER, JoiningLayers::shortcut);
    put(Arithmetic.class, Reading.OTHER, JoiningLayers::arithmetic);
    put(Concatenation.class, Reading.OTHER, (layer, place) -> JoiningLayers.concatenation(place));
    put(ChannelSelection.class, Reading.OTHER, MovingLayers::selection);
    put(Crop.class, Reading.OTHER, MovingLayers::crop);
    put(Reversal.class, Reading.OTHER, (layer, place) -> MovingLayers.reversal(place));
    put(ZeroPadding.class, Reading.OTHER, MovingLayers::padding);
    put(Rearrangement.class, Reading.OTHER, MovingLayers::rearrangement);
  }

  private Writers() {}

  /** What a layer does with what it reads. */
  private enum Reading {
    /** It multiplies it by weights, and nothing else. */
    LINEAR,
    /** What the layer in it does. */
    INNER,
    OTHER
  }

  @FunctionalInterface
  private interface Writer<L extends Layer> {
    void write(L layer, Place place);
  }

  private record Kind<L extends Layer>(Class<L> layer, Reading reading, Writer<L> writer) {
    void write(Layer of, Place place) {
      writer.write(layer.cast(of), place);
    }
  }

  private static <L extends Layer> void put(Class<L> layer, Reading reading, Writer<L> writer) {
    KINDS.put(layer, new Kind<>(layer, reading, writer));
  }

  /** Whether layers of this kind can be written. */
  static boolean knows(Class<?> layer) {
    return KINDS.containsKey(layer);
  }

  /** Whether a layer multiplies what it reads by weights, and does nothing else with it. */
  static boolean isLinear(Layer layer) {
    Kind<?> kind = KINDS.get(layer.getClass());
    return kind != null
        && switch (kind.reading()) {
          case LINEAR -> true;
          case INNER -> isLinear(layer.whole());
          case OTHER -> false;
        };
  }

  /**
   * Adds a node's statements, if it is not computed with an earlier one.
   *
   * @throws ExportException if there are none for layers of its kind
   */
  static void write(Place place) {
    Program program = place.program();
    Integers integers = program.integers();
    int node = place.index();
    Optional<Integer> doneBy = integers.doneBy(node);
    if (doneBy.isPresent()) {
      program.setMade(node, program.made(doneBy.get()));
      return;
    }
    Optional<IntegerLayer> layer = integers.layer(node);
    Optional<Requantization> sum = integers.sum(node);
    if (layer.isPresent()) {
      IntegerLayers.layer(layer.get(), place);
    } else if (sum.isPresent()) {
      IntegerLayers.sum(sum.get(), place);
    } else {
      write(program.architecture().layers().get(node), place);
    }
  }

  /**
   * Adds a layer's statements.
   *
   * @throws ExportException if there are none for layers of its kind
   */
  private static void write(Layer layer, Place place) {
    Kind<?> kind = KINDS.get(layer.getClass());
    if (kind == null) {
      throw new ExportException(
          "layer %d is a %s, which cannot be exported to C"
              .formatted(place.index(), layer.title()));
    }
    kind.write(layer, place);
  }
}
