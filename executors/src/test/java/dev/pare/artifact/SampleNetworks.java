package dev.pare.artifact;

import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RandomLevels;
import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.Initialization;
import dev.pare.model.InputShape;
import dev.pare.model.Layer;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Size;
import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import dev.pare.structure.AttentionHeads;
import dev.pare.structure.Part;
import dev.pare.structure.ResidualBlocks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Compressed networks for tests. */
final class SampleNetworks {
  private SampleNetworks() {}

  static Architecture lenet300100() {
    return new Architecture(
        new InputShape(1, 28, 28, 255),
        List.of(
            new Layer.Dense(300, Activation.RELU),
            new Layer.Dense(100, Activation.RELU),
            new Layer.Dense(10, Activation.SOFTMAX)));
  }

  static Architecture smallConvolutional() {
    return new Architecture(
        new InputShape(2, 9, 8, 16),
        List.of(
            new Layer.Convolution(3, 2, 1, Activation.RELU),
            new Layer.Pooling(Layer.Pool.MAX, 2, 2),
            new Layer.Convolution(4, 2, 1, Activation.TANH),
            new Layer.Pooling(Layer.Pool.AVERAGE, 2, 1),
            new Layer.Dense(6, Activation.SIGMOID),
            new Layer.Dense(5, Activation.IDENTITY),
            new Layer.Dense(3, Activation.SOFTMAX)));
  }

  /** What {@link #smallConvolutional} lacks: normalization, shortcuts, attention and sequences. */
  static Architecture manyLayers() {
    return new Architecture(
        new InputShape(1, 6, 4, 2),
        List.of(
            new Layer.Convolution(4, 3, 1, 1, Activation.TANH),
            new Layer.Convolution(4, 3, 1, 1, Activation.IDENTITY),
            new Layer.BatchNormalization(0.01f, Activation.IDENTITY),
            new Layer.Shortcut(0, Activation.RELU),
            new Layer.Convolution(6, 2, 2, Activation.IDENTITY),
            new Layer.Positions(),
            new Layer.LayerNormalization(0.01f),
            new Layer.SelfAttention(2),
            new Layer.Shortcut(5, Activation.IDENTITY),
            new Layer.Convolution(5, 1, 1, Activation.RELU),
            new Layer.Convolution(6, 1, 1, Activation.IDENTITY),
            new Layer.Shortcut(8, Activation.IDENTITY),
            new Layer.Lstm(4, Layer.Steps.ALL),
            new Layer.Lstm(3, Layer.Steps.LAST),
            new Layer.Dense(4, Activation.RELU),
            new Layer.Dense(3, Activation.SOFTMAX)));
  }

  /** Sparse activations of every kind, and heads that are not a part of the channels each. */
  static Architecture sparseLayers() {
    return new Architecture(
        new InputShape(1, 4, 4, 2),
        List.of(
            new Layer.Convolution(6, 2, 2, Activation.IDENTITY),
            Layer.SparseActivation.threshold(0.125f),
            new Layer.SelfAttention(1, 4),
            new Layer.Shortcut(1, Activation.IDENTITY),
            new Layer.SelfAttention(3, 1),
            Layer.SparseActivation.winners(200),
            new Layer.Dense(5, Activation.IDENTITY),
            Layer.SparseActivation.binary(0.75f),
            new Layer.Dense(3, Activation.SOFTMAX)));
  }

  /** Layers made of factors, one of each kind, and a convolution of two different sides. */
  static Architecture factoredLayers() {
    return new Architecture(
        new InputShape(1, 6, 4, 2),
        List.of(
            new Layer.Convolution(
                3, new Layer.Axis(3, 1, 1), new Layer.Axis(2, 2, 0), Activation.TANH),
            new Layer.Factored(
                new Layer.Convolution(4, 2, 1, 1, Activation.RELU),
                List.of(2),
                Layer.Remainder.SPARSE),
            new Layer.Factored(
                new Layer.SelfAttention(2), List.of(0, 2, 1, 3), Layer.Remainder.NONE),
            new Layer.Factored(
                new Layer.Lstm(3, Layer.Steps.LAST), List.of(2, 0), Layer.Remainder.NONE),
            new Layer.Factored(
                new Layer.Dense(3, Activation.SOFTMAX), List.of(1), Layer.Remainder.SPARSE)));
  }

  static Architecture smallDense() {
    return new Architecture(
        new InputShape(7, 1, 1, 1),
        List.of(new Layer.Dense(5, Activation.RELU), new Layer.Dense(2, Activation.SOFTMAX)));
  }

  /** Weights in the given representation, biases as floats. */
  static CompressedNetwork of(
      Architecture architecture,
      Representation representation,
      double density,
      SplittableRandom random) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : architecture.tensors()) {
      tensors.add(
          tensor(
              place.role() == Role.BIAS ? Representation.FLOATS : representation,
              place.rows(),
              place.columns(),
              density,
              random));
    }
    return new CompressedNetwork(architecture, tensors);
  }

  /** Every tensor in a representation of its own, biases too. */
  static CompressedNetwork mixed(Architecture architecture, SplittableRandom random) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : architecture.tensors()) {
      Representation[] all = Representation.values();
      tensors.add(
          tensor(
              all[random.nextInt(all.length)],
              place.rows(),
              place.columns(),
              random.nextInt(4) / 3.0,
              random));
    }
    return new CompressedNetwork(architecture, tensors);
  }

  /** Networks near where their training began: with all units, without some, in another order. */
  static List<CompressedNetwork> trained() {
    CompressedNetwork all = trained(smallConvolutional(), 9);
    int layer = HiddenUnits.layers(all.architecture()).get(1);
    return List.of(
        all,
        HiddenUnits.of(all, layer).select(new int[] {0, 2, 3}),
        HiddenUnits.of(all, layer).select(new int[] {2, 0, 1, 3}));
  }

  /** A network whose weights are the first ones, moved a little, pruned and rounded. */
  static CompressedNetwork trained(Architecture architecture, long seed) {
    float[] first = Initialization.random(architecture, seed).parameters();
    SplittableRandom random = new SplittableRandom(seed + 1);
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : architecture.tensors()) {
      float[] values = Arrays.copyOfRange(first, place.offset(), place.end());
      if (place.role() != Role.WEIGHT) {
        tensors.add(new FloatTensor(place.rows(), place.columns(), floats(values.length, random)));
        continue;
      }
      float step = (float) Initialization.deviation(architecture, place) / 2;
      for (int i = 0; i < values.length; i++) {
        long level = Math.round((values[i] / step + random.nextDouble() - 0.5));
        values[i] = Math.abs(level) < 2 ? 0 : level * step;
      }
      tensors.add(CodebookTensor.of(place.rows(), place.columns(), values));
    }
    return new CompressedNetwork(architecture, tensors, Optional.of(Origin.of(architecture, seed)));
  }

  /** A transformer of four heads a layer and four residual blocks. */
  static Architecture transformer() {
    return new NamedArchitecture(
            NamedArchitecture.Name.ATTENTION,
            List.of(8, 6),
            Map.of(Size.BLOCKS, 2, Size.HEADS, 4, Size.PATCH, 4))
        .resolve(new InputShape(1, 8, 8, 1), 3);
  }

  /** What is left of one without a residual block and, of the last layer's heads, the second. */
  static CompressedNetwork partOfATransformer() {
    CompressedNetwork whole = trained(transformer(), 9);
    Part part = partOf(whole.toNetwork());
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : part.network().architecture().tensors()) {
      float[] values = Arrays.copyOfRange(part.network().parameters(), place.offset(), place.end());
      tensors.add(
          place.role() == Role.WEIGHT
              ? CodebookTensor.of(place.rows(), place.columns(), values)
              : new FloatTensor(place.rows(), place.columns(), values));
    }
    return new CompressedNetwork(
        part.network().architecture(),
        tensors,
        whole.origin().flatMap(origin -> origin.of(part, whole.architecture())));
  }

  /** A transformer without its second residual block and, of its last heads, the second. */
  static Part partOf(Network transformer) {
    ResidualBlocks.Block gone = ResidualBlocks.removable(transformer.architecture()).get(1);
    Network smaller = ResidualBlocks.without(transformer, List.of(gone));
    List<Integer> layers = new ArrayList<>(Part.all(transformer).layers());
    layers.subList(gone.source() + 1, gone.shortcut() + 1).clear();
    int last = AttentionHeads.of(transformer.architecture()).get(1).layer();
    return new Part(
        AttentionHeads.keep(smaller, List.of(new int[] {0, 1, 2, 3}, new int[] {0, 2, 3})),
        layers,
        Map.of(last, List.of(0, 2, 3)));
  }

  static CompressedTensor tensor(
      Representation representation,
      int rows,
      int columns,
      double density,
      SplittableRandom random) {
    LevelMatrix levels =
        RandomLevels.independent(random, rows, columns, density, 1 + random.nextInt(8));
    return switch (representation) {
      case FLOATS -> new FloatTensor(rows, columns, floats(rows * columns, random));
      case QUARTERS ->
          new FloatTensor(rows, columns, Quarter.rounded(floats(rows * columns, random)));
      case HALVES -> new FloatTensor(rows, columns, Half.rounded(floats(rows * columns, random)));
      case SPARSE_FLOATS -> {
        float[] values = floats(rows * columns, random);
        for (int i = 0; i < values.length; i++) {
          values[i] *= levels.at(i);
        }
        yield SparseFloatTensor.of(rows, columns, values);
      }
      case UNIFORM -> new UniformTensor(levels, floats(1, random));
      // A single row's scale is the tensor's.
      case UNIFORM_ROWS -> new UniformTensor(levels, floats(rows, random));
      case UNIFORM_GROUPS -> {
        int group = 1 + random.nextInt(columns);
        float[] scales = floats(GroupedTensor.nonemptyGroups(levels, group), random);
        GroupedTensor grouped = new GroupedTensor(levels, group, scales);
        yield random.nextBoolean() ? grouped : TablePrecision.FLOAT8.of(grouped);
      }
      case POWERS -> new PowerTensor(levels, random.nextInt(20) - 10);
      case PRODUCT -> {
        int dimension = 1 + random.nextInt(Math.min(columns, 9));
        int words = 1 + random.nextInt(12);
        int runs = ProductTensor.runs(columns, dimension);
        short[] codes = new short[rows * runs];
        for (int i = 0; i < codes.length; i++) {
          boolean any = random.nextDouble() < density;
          codes[i] = (short) (any ? 1 + random.nextInt(words) : 0);
        }
        yield new ProductTensor(
                columns,
                dimension,
                new LevelMatrix(rows, runs, codes),
                Half.rounded(floats(words * dimension, random)))
            .compact();
      }
      case CODEBOOK -> {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
          values[i] = 0.125f * levels.at(i) + (levels.at(i) > 0 ? 0.01f : 0);
        }
        yield CodebookTensor.of(rows, columns, values);
      }
    };
  }

  static byte[] bytes(CompressedNetwork network) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new ArtifactWriter().write(network, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Positive ones, of different bits. */
  static float[] floats(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (1 + random.nextInt(1 << 20)) / (float) (1 << 20);
    }
    return values;
  }
}
