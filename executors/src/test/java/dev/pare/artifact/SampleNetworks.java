package dev.pare.artifact;

import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RandomLevels;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Factored;
import dev.pare.graph.Gru;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.Subnetwork;
import dev.pare.graph.Window;
import dev.pare.graph.ZeroPadding;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Size;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.rewrite.TablePrecision;
import dev.pare.structure.AttentionHeads;
import dev.pare.structure.ChannelGroups;
import dev.pare.structure.KeptChannels;
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
public final class SampleNetworks {
  private SampleNetworks() {}

  public static Architecture lenet300100() {
    return new Architecture(
        new InputShape(1, 28, 28, 255),
        List.of(
            new Dense(300, Activation.RELU),
            new Dense(100, Activation.RELU),
            new Dense(10, Activation.SOFTMAX)));
  }

  public static Architecture smallConvolutional() {
    return new Architecture(
        new InputShape(2, 9, 8, 16),
        List.of(
            new Convolution(3, 2, 1, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Convolution(4, 2, 1, Activation.TANH),
            new Pooling(Pooling.Pool.AVERAGE, 2, 1),
            new Dense(6, Activation.SIGMOID),
            new Dense(5, Activation.IDENTITY),
            new Dense(3, Activation.SOFTMAX)));
  }

  /** What {@link #smallConvolutional} lacks: normalization, shortcuts, attention and sequences. */
  public static Architecture manyLayers() {
    return new Architecture(
        new InputShape(1, 6, 4, 2),
        List.of(
            new Convolution(4, 3, 1, 1, Activation.TANH),
            new Convolution(4, 3, 1, 1, Activation.IDENTITY),
            new BatchNormalization(0.01f, Activation.IDENTITY),
            Shortcut.from(0, Activation.RELU),
            new Convolution(6, 2, 2, Activation.IDENTITY),
            new Positions(),
            new LayerNormalization(0.01f),
            new SelfAttention(2),
            Shortcut.from(5, Activation.IDENTITY),
            new Convolution(5, 1, 1, Activation.RELU),
            new Convolution(6, 1, 1, Activation.IDENTITY),
            Shortcut.from(8, Activation.IDENTITY),
            new Lstm(4, Lstm.Steps.ALL),
            new Lstm(3, Lstm.Steps.LAST),
            new Dense(4, Activation.RELU),
            new Dense(3, Activation.SOFTMAX)));
  }

  /** Sparse activations of every kind, and heads that are not a part of the channels each. */
  public static Architecture sparseLayers() {
    return new Architecture(
        new InputShape(1, 4, 4, 2),
        List.of(
            new Convolution(6, 2, 2, Activation.IDENTITY),
            SparseActivation.threshold(0.125f),
            new SelfAttention(1, 4),
            Shortcut.from(1, Activation.IDENTITY),
            new SelfAttention(3, 1),
            SparseActivation.topK(200),
            new Dense(5, Activation.IDENTITY),
            SparseActivation.binary(0.75f),
            new Dense(3, Activation.SOFTMAX)));
  }

  /** Layers made of factors, one of each kind, and a convolution of two different sides. */
  public static Architecture factoredLayers() {
    return new Architecture(
        new InputShape(1, 6, 4, 2),
        List.of(
            new Convolution(3, new Window(3, 1, 1), new Window(2, 2, 0), Activation.TANH),
            new Factored(
                new Convolution(4, 2, 1, 1, Activation.RELU),
                List.of(2),
                Factored.SparseResidual.PRESENT),
            new Factored(new SelfAttention(2), List.of(0, 2, 1, 3), Factored.SparseResidual.NONE),
            new Factored(new Lstm(3, Lstm.Steps.LAST), List.of(2, 0), Factored.SparseResidual.NONE),
            new Factored(
                new Dense(3, Activation.SOFTMAX), List.of(1), Factored.SparseResidual.PRESENT)));
  }

  /** A graph with one of each layer that has a number in files. */
  public static Architecture numberedLayers() {
    return new Architecture(
        new InputShape(2, 6, 5, 1),
        List.of(
            new Convolution(
                4, 2, new Window(3, 1, 2, 2, 1), new Window(2, 1, 1, 0, 1), Activation.RELU),
            new Pooling(Pooling.Pool.AVERAGE, new Window(2, 1, 1, 1, 0), new Window(3, 1, 1, 1, 1)),
            new Elementwise(Elementwise.Function.HARD_SIGMOID, 0.25f, 0.5f),
            Node.of(Elementwise.of(Elementwise.Function.SILU), 0),
            Node.of(new ZeroPadding(0, 0, 0, 0), 1),
            Node.of(new Arithmetic(Arithmetic.Operation.MULTIPLY), 3, 4),
            Node.of(new Concatenation(), 5, 2, 4),
            new ChannelSelection(List.of(0, 2, 4, 6, 5, 5, 1)),
            new Convolution(2, new Window(1, 1, 0), new Window(2, 2, 0), Activation.TANH),
            new Gru(3, Lstm.Steps.ALL),
            new Gru(2, Lstm.Steps.LAST),
            new Dense(3, Activation.SOFTMAX)));
  }

  public static Architecture smallDense() {
    return new Architecture(
        new InputShape(7, 1, 1, 1),
        List.of(new Dense(5, Activation.RELU), new Dense(2, Activation.SOFTMAX)));
  }

  /** Weights in the given representation, biases as floats. */
  public static CompressedNetwork of(
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
    return withVariances(new CompressedNetwork(architecture, tensors));
  }

  /** With variances that are none below zero. */
  static CompressedNetwork withVariances(CompressedNetwork network) {
    List<CompressedTensor> tensors = new ArrayList<>(network.tensors());
    for (int i = 0; i < tensors.size(); i++) {
      if (network.architecture().tensors().get(i).role() == Role.VARIANCE) {
        float[] variances = tensors.get(i).toFloats();
        for (int c = 0; c < variances.length; c++) {
          variances[c] = Math.abs(variances[c]);
        }
        tensors.set(i, new FloatTensor(1, variances.length, variances));
      }
    }
    return network.withTensors(tensors);
  }

  /** Every tensor in a representation of its own, biases too. */
  public static CompressedNetwork mixed(Architecture architecture, SplittableRandom random) {
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
    return withVariances(new CompressedNetwork(architecture, tensors));
  }

  /** A network with weights of few values; all else is floats. */
  public static CompressedNetwork codebooks(Network network) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : network.architecture().tensors()) {
      float[] values = Arrays.copyOfRange(network.parameters(), place.offset(), place.end());
      for (int i = 0; i < values.length && place.isWeight(); i++) {
        values[i] = Math.round(4 * values[i]) / 4f;
      }
      tensors.add(
          place.isWeight()
              ? CodebookTensor.of(place.rows(), place.columns(), values)
              : new FloatTensor(place.rows(), place.columns(), values));
    }
    return new CompressedNetwork(network.architecture(), tensors);
  }

  /** Networks near where their training began: with all units, without some, in another order. */
  public static List<CompressedNetwork> trained() {
    CompressedNetwork all = trained(smallConvolutional(), 9);
    int layer = Origin.layers(all.architecture()).get(1);
    return List.of(
        all, select(all, layer, new int[] {0, 2, 3}), select(all, layer, new int[] {2, 0, 1, 3}));
  }

  /** The network in which only these of a layer's hidden units remain, in this order. */
  public static CompressedNetwork select(CompressedNetwork network, int layer, int[] units) {
    ChannelGroups all = ChannelGroups.of(network.architecture());
    List<int[]> kept = new ArrayList<>(all.without(List.of()));
    all.groups().stream()
        .filter(group -> group.layer() == layer)
        .flatMap(group -> group.channels().stream())
        .forEach(channel -> kept.set(channel.layer() + 1, units));
    return EquivalentNetworks.select(network, new KeptChannels(network.architecture(), kept));
  }

  /** A network whose weights are the first ones, moved a little, pruned and rounded. */
  public static CompressedNetwork trained(Architecture architecture, long seed) {
    float[] first = Initialization.random(architecture, seed).parameters();
    SplittableRandom random = new SplittableRandom(seed + 1);
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : architecture.tensors()) {
      float[] values = Arrays.copyOfRange(first, place.offset(), place.end());
      if (!place.isWeight()) {
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
  public static Architecture transformer() {
    return new NamedArchitecture(
            NamedArchitecture.Name.ATTENTION,
            List.of(8, 6),
            Map.of(Size.BLOCKS, 2, Size.HEADS, 4, Size.PATCH, 4))
        .resolve(new InputShape(1, 8, 8, 1), 3);
  }

  /** What is left of one without a residual block and, of the last layer's heads, the second. */
  public static CompressedNetwork partOfATransformer() {
    CompressedNetwork whole = trained(transformer(), 9);
    Subnetwork part = partOf(whole.toNetwork());
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : part.network().architecture().tensors()) {
      float[] values = Arrays.copyOfRange(part.network().parameters(), place.offset(), place.end());
      tensors.add(
          place.isWeight()
              ? CodebookTensor.of(place.rows(), place.columns(), values)
              : new FloatTensor(place.rows(), place.columns(), values));
    }
    return new CompressedNetwork(
        part.network().architecture(),
        tensors,
        whole.origin().flatMap(origin -> origin.of(part, whole.architecture())));
  }

  /** A transformer without its second residual block and, of its last heads, the second. */
  public static Subnetwork partOf(Network transformer) {
    ResidualBlocks.Block gone = ResidualBlocks.removable(transformer.architecture()).get(1);
    Network smaller = ResidualBlocks.without(transformer, List.of(gone));
    List<Integer> layers = new ArrayList<>(Subnetwork.all(transformer).layers());
    layers.subList(gone.source() + 1, gone.shortcut() + 1).clear();
    int last = AttentionHeads.of(transformer.architecture()).get(1).layer();
    return new Subnetwork(
        AttentionHeads.keep(smaller, List.of(new int[] {0, 1, 2, 3}, new int[] {0, 2, 3})),
        layers,
        Map.of(last, List.of(0, 2, 3)));
  }

  public static CompressedTensor tensor(
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
          new FloatTensor(rows, columns, Float8E4M3.rounded(floats(rows * columns, random)));
      case HALVES ->
          new FloatTensor(rows, columns, Float16.rounded(floats(rows * columns, random)));
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
                Float16.rounded(floats(words * dimension, random)))
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

  public static byte[] bytes(CompressedNetwork network) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new ArtifactWriter().write(network, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Positive ones, of different bits. */
  public static float[] floats(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (1 + random.nextInt(1 << 20)) / (float) (1 << 20);
    }
    return values;
  }
}
