package dev.pare.factorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Factorize;
import dev.pare.candidate.Factorize.Method;
import dev.pare.candidate.Factorize.OutputLayer;
import dev.pare.candidate.Factorize.Split;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Factored;
import dev.pare.graph.Gru;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Parameter;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.Window;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.train.LayerInputs.Moments;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FactorizationTest {
  private static final long SEED = Long.getLong("test.seed", 8);
  private static final Factorize NONE =
      Factorize.none(new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0))
          .but()
          .outputLayer(OutputLayer.FACTORIZE)
          .build();

  private static final Architecture DENSE =
      new Architecture(
          new InputShape(1, 6, 6, 1),
          List.of(
              new Dense(20, Activation.RELU),
              new Dense(16, Activation.TANH),
              new Dense(3, Activation.SOFTMAX)));

  private static final Architecture RESIDUAL =
      new Architecture(
          new InputShape(2, 6, 6, 1),
          List.of(
              new Convolution(8, 3, 1, 1, Activation.TANH),
              new Convolution(8, 3, 1, 1, Activation.IDENTITY),
              new BatchNormalization(0.01f, Activation.IDENTITY),
              Shortcut.from(0, Activation.RELU),
              new Convolution(10, 3, 2, 1, Activation.IDENTITY),
              Shortcut.from(3, Activation.RELU),
              new Convolution(12, 1, 1, Activation.SIGMOID),
              new Dense(3, Activation.SOFTMAX)));

  private static final Architecture SEQUENTIAL =
      new Architecture(
          new InputShape(1, 6, 8, 1),
          List.of(
              new Lstm(10, Lstm.Steps.ALL),
              new Lstm(7, Lstm.Steps.LAST),
              new Dense(3, Activation.SOFTMAX)));

  private static final Architecture GATED =
      new Architecture(
          new InputShape(1, 6, 8, 1),
          List.of(
              new Gru(10, Lstm.Steps.ALL),
              new Gru(7, Lstm.Steps.LAST),
              new Dense(3, Activation.SOFTMAX)));

  private static final Architecture ATTENTIVE = attentive(new SelfAttention(3));

  /** With fewer numbers in its heads than channels. */
  private static final Architecture BIASED =
      attentive(new SelfAttention(3, 3, SelfAttention.Biases.TRAINED));

  private static Architecture attentive(SelfAttention attention) {
    return new Architecture(
        new InputShape(1, 6, 6, 1),
        List.of(
            new Convolution(12, 3, 3, Activation.IDENTITY),
            new Positions(),
            new LayerNormalization(0.01f),
            attention,
            Shortcut.from(1, Activation.IDENTITY),
            new Convolution(16, 1, 1, Activation.RELU),
            new Convolution(12, 1, 1, Activation.IDENTITY),
            Shortcut.from(4, Activation.IDENTITY),
            new Pooling(Pooling.Pool.AVERAGE, 2, 2),
            new Dense(3, Activation.SOFTMAX)));
  }

  private enum Sample {
    DENSE_LAYERS(DENSE),
    CONVOLUTIONS(RESIDUAL),
    LSTMS(SEQUENTIAL),
    GRUS(GATED),
    ATTENTION(ATTENTIVE),
    BIASED_ATTENTION(BIASED);

    private final Architecture architecture;

    Sample(Architecture architecture) {
      this.architecture = architecture;
    }

    private Examples examples() {
      return MemoryExamples.clusters(
          50, architecture.input().size(), 3, new SplittableRandom(SEED));
    }

    private Network network() {
      Network network = Initialization.random(architecture, SEED);
      SplittableRandom random = new SplittableRandom(SEED + 1);
      for (int i = 0; i < network.parameters().length; i++) {
        network.parameters()[i] += (float) (0.1 * random.nextDouble());
      }
      return network;
    }

    /** One whose weights are matrices of this rank, in the way of a split. */
    private Network network(int rank, Split split) {
      Network network = network();
      for (ParameterTensor tensor : architecture.tensors()) {
        if (tensor.isWeight()) {
          Layer layer = architecture.layers().get(tensor.layer());
          boolean spatial = split == Split.SPATIAL && ConvolutionSplit.isSpatial(layer);
          Matrix matrix = new Matrix(tensor.rows(), tensor.columns());
          for (int i = 0; i < tensor.size(); i++) {
            matrix.values()[i] = network.parameters()[tensor.offset() + i];
          }
          if (spatial) {
            matrix = new ConvolutionSplit((Convolution) layer).matrix(matrix);
          }
          Svd svd = Svd.of(matrix);
          matrix = svd.product(Math.min(rank, svd.count()), svd.values()).product();
          for (int i = 0; i < tensor.size(); i++) {
            network.parameters()[tensor.offset() + i] =
                (float) matrix.values()[spatial ? place(tensor, i) : i];
          }
        }
      }
      return network;
    }

    /** Where a weight of a 3×3 kernel lies in {@code [filter, x][channel, y]}. */
    private static int place(ParameterTensor tensor, int i) {
      int filter = i / tensor.columns();
      int line = i % tensor.columns() / 3;
      return (filter * 3 + i % 3) * (tensor.columns() / 3) + line;
    }
  }

  /** Branches, a projection beside a block, and a depthwise convolution, which stays. */
  @Test
  void factorsStandWhereTheirLayersStoodInAnyGraph() {
    Architecture graph =
        new Architecture(
            new InputShape(2, 6, 6, 1),
            List.of(
                new Convolution(8, 3, 1, 1, Activation.TANH),
                new Convolution(8, 8, new Window(3, 1, 1), new Window(3, 1, 1), Activation.TANH),
                new Convolution(9, 3, 2, 1, Activation.IDENTITY),
                Node.of(new Convolution(9, 1, 2, Activation.IDENTITY), 0),
                Node.of(new Shortcut(Activation.RELU), 2, 3),
                Node.of(new Convolution(7, 3, 1, 1, Activation.RELU), 4),
                Node.of(new Concatenation(), 5, 4),
                new Dense(3, Activation.SOFTMAX)));
    Network network = Initialization.random(graph, SEED);
    Examples examples =
        MemoryExamples.clusters(20, graph.input().size(), 3, new SplittableRandom(SEED));
    Network exact =
        Factorization.of(
            NONE.but().method(Method.SVD).energy(1 - 1e-12).build(), network, examples);
    assertThat(Evaluator.logits(exact, examples))
        .containsExactly(Evaluator.logits(network, examples), within(2e-4f));
    for (Method method : List.of(Method.SVD, Method.ALS)) {
      Network smaller =
          Factorization.of(NONE.but().method(method).rank(0.25).build(), network, examples);
      assertThat(smaller.architecture().nodes())
          .hasSize(13)
          .contains(
              new Node(graph.layers().get(1), List.of(1)),
              Node.of(new Convolution(2, 1, 2, Activation.IDENTITY), 1),
              Node.of(new Shortcut(Activation.RELU), 4, 6),
              Node.of(new Concatenation(), 9, 7));
    }
  }

  private static Network of(Factorize settings, Network network, Sample sample) {
    return Factorization.of(settings, network, sample.examples());
  }

  private static void checkSame(Network one, Network other, Sample sample) {
    assertThat(Evaluator.logits(other, sample.examples()))
        .containsExactly(Evaluator.logits(one, sample.examples()), within(2e-4f));
  }

  @ParameterizedTest
  @EnumSource
  void weightsOfLowRankBecomeFactorsOfTheSameFunction(Sample sample) {
    Network network = sample.network(2, Split.CHANNEL);
    Network factored = of(NONE.but().method(Method.SVD).energy(1 - 1e-9).build(), network, sample);

    assertThat(factored.parameters().length).isLessThan(network.parameters().length / 2);
    checkSame(network, factored, sample);
  }

  @Test
  void kernelsOfLowRankBecomeColumnsAndRowsOfTheSameFunction() {
    Network network = Sample.CONVOLUTIONS.network(2, Split.SPATIAL);
    Network factored =
        of(
            NONE.but().method(Method.SVD).energy(1 - 1e-9).split(Split.SPATIAL).build(),
            network,
            Sample.CONVOLUTIONS);

    checkSame(network, factored, Sample.CONVOLUTIONS);
    assertThat(factored.architecture().layers().subList(0, 7))
        .containsExactly(
            new Convolution(2, new Window(3, 1, 1), Window.POINTS, Activation.IDENTITY),
            new Convolution(8, Window.POINTS, new Window(3, 1, 1), Activation.TANH),
            new Convolution(2, new Window(3, 1, 1), Window.POINTS, Activation.IDENTITY),
            new Convolution(8, Window.POINTS, new Window(3, 1, 1), Activation.IDENTITY),
            new BatchNormalization(0.01f, Activation.IDENTITY),
            new Shortcut(Activation.RELU),
            new Convolution(2, new Window(3, 2, 1), Window.POINTS, Activation.IDENTITY));
    assertThat(factored.architecture().nodes())
        .contains(Node.of(new Shortcut(Activation.RELU), 4, 1))
        .anyMatch(node -> node.layer() instanceof Shortcut && node.inputs().get(1) == 5);
  }

  @ParameterizedTest
  @EnumSource
  void lowRankAndSparseKeepsTheLayersInTheirPlaces(Sample sample) {
    Network network = sample.network(1, Split.CHANNEL);
    SplittableRandom random = new SplittableRandom(SEED);
    for (ParameterTensor tensor : network.architecture().tensors()) {
      if (tensor.isWeight() && tensor.size() >= 60) {
        network.parameters()[tensor.offset() + random.nextInt(tensor.size())] += 0.7f;
      }
    }
    Network factored =
        of(NONE.but().method(Method.SVD).rank(0.01).sparseResidual(0.02).build(), network, sample);

    Architecture architecture = factored.architecture();
    assertThat(architecture.layers()).hasSameSizeAs(network.architecture().layers());
    for (ParameterTensor tensor : architecture.tensors()) {
      if (tensor.role() == Parameter.Role.SPARSE_RESIDUAL) {
        int nonzero = 0;
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          nonzero += factored.parameters()[i] == 0 ? 0 : 1;
        }
        assertThat(nonzero).isEqualTo((int) Math.round(0.02 * tensor.size()));
      }
    }
    assertThat(architecture.layers()).hasAtLeastOneElementOfType(Factored.class);
    checkSame(network, factored, sample);
  }

  @Test
  void denseLayersBecomeTwoWhichComputeWhatTheProductDoes() {
    Network network = Sample.DENSE_LAYERS.network();
    Network factored =
        of(NONE.but().method(Method.SVD).rank(0.25).build(), network, Sample.DENSE_LAYERS);

    assertThat(factored.architecture().layers())
        .containsExactly(
            new Dense(5, Activation.IDENTITY),
            new Dense(20, Activation.RELU),
            new Dense(4, Activation.IDENTITY),
            new Dense(16, Activation.TANH),
            new Dense(1, Activation.IDENTITY),
            new Dense(3, Activation.SOFTMAX));
    Network product = new Network(DENSE, network.parameters().clone());
    List<ParameterTensor> parts =
        factored.architecture().tensors().stream().filter(t -> t.isWeight()).toList();
    int next = 0;
    for (ParameterTensor tensor : DENSE.tensors()) {
      if (tensor.isWeight()) {
        ParameterTensor right = parts.get(next++);
        ParameterTensor left = parts.get(next++);
        for (int i = 0; i < tensor.size(); i++) {
          float sum = 0;
          for (int k = 0; k < right.rows(); k++) {
            sum +=
                factored.parameters()[left.offset() + i / tensor.columns() * left.columns() + k]
                    * factored
                        .parameters()[right.offset() + k * right.columns() + i % tensor.columns()];
          }
          product.parameters()[tensor.offset() + i] = sum;
        }
      }
    }
    checkSame(product, factored, Sample.DENSE_LAYERS);
  }

  /** A product of rank 2 before ten classes could tell apart no more than what lies in a plane. */
  @Test
  void theOutputLayerKeepsADimensionForEachClassUnlessAskedFor() {
    Architecture ten =
        new Architecture(
            new InputShape(40, 1, 1, 1),
            List.of(new Dense(30, Activation.RELU), new Dense(10, Activation.SOFTMAX)));
    Network network = Initialization.random(ten, SEED);
    Examples examples = MemoryExamples.clusters(20, 40, 10, new SplittableRandom(SEED));
    for (Method method : List.of(Method.SVD, Method.THRESHOLD, Method.ALS)) {
      Factorize settings =
          NONE.but()
              .method(method)
              .rank(0.2)
              .singularThreshold(0.8)
              .outputLayer(OutputLayer.KEEP)
              .build();
      Network kept = Factorization.of(settings, network, examples);
      assertThat(kept.architecture().layers())
          .hasSize(3)
          .endsWith(ten.layers().get(0), ten.layers().get(1));
      ParameterTensor before = ten.tensors().get(2);
      ParameterTensor after = kept.architecture().tensors().get(4);
      assertThat(Arrays.copyOfRange(kept.parameters(), after.offset(), after.end()))
          .containsExactly(Arrays.copyOfRange(network.parameters(), before.offset(), before.end()));

      Network all =
          Factorization.of(
              settings.but().outputLayer(OutputLayer.FACTORIZE).build(), network, examples);
      assertThat(all.architecture().layers()).hasSize(4);
    }
  }

  @Test
  void theOutputLayerIsTheOneWhoseUnitsAreTheClasses() {
    Architecture channels = OperatorSamples.endings().get(0);
    Factorize kept = NONE.but().method(Method.SVD).rank(0.3).outputLayer(OutputLayer.KEEP).build();
    Network network = Initialization.random(channels, SEED);
    Examples examples = MemoryExamples.clusters(20, 60, 4, new SplittableRandom(SEED));
    List<Layer> layers = Factorization.of(kept, network, examples).architecture().layers();
    assertThat(layers).hasSize(4).endsWith(channels.layers().get(1), channels.layers().get(2));
    assertThatThrownBy(() -> Factorization.check(kept, OperatorSamples.endings().get(2)))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageStartingWith("factorize: the network has no weights but the output layer's");
  }

  /** A table of vectors that lie on one line is a table of numbers, and that line. */
  @Test
  void embeddingsBecomeNarrowOnesWithAProjection() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 4, 1, 1),
            List.of(new Embedding(9, 6), new Dense(3, Activation.SOFTMAX)));
    SplittableRandom random = new SplittableRandom(SEED);
    float[] parameters = Initialization.random(architecture, SEED).parameters();
    float[] numbers = new float[9];
    for (int token = 0; token < numbers.length; token++) {
      numbers[token] = (float) random.nextDouble(-1, 1);
    }
    for (int i = 0; i < 54; i++) {
      parameters[i] = numbers[i % 9] * (i / 9 - 2.5f);
    }
    float[] tokens = new float[80];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = random.nextInt(9);
    }
    Examples examples = MemoryExamples.of(tokens, 4, new int[20], 3);
    Network network = new Network(architecture, parameters);
    for (Method method : List.of(Method.SVD, Method.ALS)) {
      Factorize settings = NONE.but().method(method).layerRank(List.of(0.17, 1.0)).build();
      Network narrow = Factorization.of(settings, network, examples);
      assertThat(narrow.architecture().layers())
          .containsExactly(
              new Embedding(9, 1),
              new Convolution(6, 1, 1, Activation.IDENTITY),
              new Dense(3, Activation.SOFTMAX));
      assertThat(Evaluator.logits(narrow, examples))
          .containsExactly(Evaluator.logits(network, examples), within(1e-4f));
    }
  }

  @Test
  void ranksCanBeGivenOfEachTensor() {
    Factorize settings =
        NONE.but().method(Method.SVD).energy(0.5).layerRank(List.of(0.5, 1.0, 0.4)).build();
    Architecture factored =
        of(settings, Sample.DENSE_LAYERS.network(), Sample.DENSE_LAYERS).architecture();
    assertThat(factored.layers())
        .containsExactly(
            new Dense(10, Activation.IDENTITY),
            new Dense(20, Activation.RELU),
            new Dense(16, Activation.TANH),
            new Dense(1, Activation.IDENTITY),
            new Dense(3, Activation.SOFTMAX));
    refused(
        settings.but().layerRank(List.of(0.5, 1.0)).build(),
        DENSE,
        "layer-rank = [0.5, 1.0]: has 2 shares, the network 3 tensors of weights");
    refused(
        settings.but().method(Method.THRESHOLD).build(),
        DENSE,
        "layer-rank: needs factorize = svd or als");
    refused(
        settings.but().layerRank(List.of()).outputLayer(OutputLayer.KEEP).build(),
        new Architecture(new InputShape(9, 1, 1, 1), List.of(new Dense(3, Activation.SOFTMAX))),
        "factorize: the network has no weights but the output layer's; needs output-layer ="
            + " factorize");
  }

  private static final Architecture TWO_HIDDEN =
      new Architecture(
          new InputShape(18, 1, 1, 1),
          List.of(
              new Dense(14, Activation.RELU),
              new Dense(12, Activation.TANH),
              new Dense(9, Activation.SOFTMAX)));

  /** Whose tensors of weights have singular values that fall by these factors. */
  private static Network falling(Architecture architecture, double... factors) {
    Network network = Initialization.random(architecture, SEED);
    int index = 0;
    for (ParameterTensor tensor : architecture.tensors()) {
      if (tensor.isWeight()) {
        double[] weights = new double[tensor.size()];
        for (int i = 0; i < weights.length; i++) {
          weights[i] = network.parameters()[tensor.offset() + i];
        }
        Svd svd = Svd.of(new Matrix(tensor.rows(), tensor.columns(), weights));
        double[] values = new double[svd.count()];
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.pow(factors[index], i);
        }
        double[] product = svd.product(values.length, values).product().values();
        for (int i = 0; i < weights.length; i++) {
          network.parameters()[tensor.offset() + i] = (float) product[i];
        }
        index++;
      }
    }
    return network;
  }

  /** What is left of the squares of a matrix whose singular values fall by a factor. */
  private static double left(double factor, int rank, int full) {
    double all = 0;
    double tail = 0;
    for (int i = 0; i < full; i++) {
      all += Math.pow(factor, 2 * i);
      tail += i < rank ? 0 : Math.pow(factor, 2 * i);
    }
    return tail / all;
  }

  /** The least error of all ranks of the two hidden layers, whose singular values fall so. */
  private static double least(double numbers) {
    double least = Double.POSITIVE_INFINITY;
    for (int one = 1; one <= 7; one++) {
      for (int other = 1; other <= 6; other++) {
        if (one * 33 + other * 27 <= numbers) {
          least = Math.min(least, left(0.8, one, 14) + left(0.4, other, 12));
        }
      }
    }
    return least;
  }

  @ParameterizedTest
  @EnumSource(names = {"SVD", "ALS"})
  void ranksShareOneBudget(Method method) {
    Network network = falling(TWO_HIDDEN, 0.8, 0.4, 0.7);
    Examples examples = MemoryExamples.clusters(60, 18, 9, new SplittableRandom(SEED));
    double[] errors = new double[2];
    for (double budget : new double[] {0.3, 0.5, 0.7}) {
      Factorize settings =
          NONE.but().method(method).rankBudget(budget).outputLayer(OutputLayer.KEEP).build();
      Architecture factored = Factorization.of(settings, network, examples).architecture();

      assertThat(factored.layers())
          .hasSize(5)
          .endsWith(TWO_HIDDEN.layers().get(2))
          .contains(TWO_HIDDEN.layers().get(0), TWO_HIDDEN.layers().get(1));
      int one = ((Dense) factored.layers().get(0)).units();
      int other = ((Dense) factored.layers().get(2)).units();
      // Rows, columns and a bias of each.
      int numbers = one * (18 + 14 + 1) + other * (14 + 12 + 1);
      assertThat(numbers).isLessThanOrEqualTo((int) (budget * (18 * 14 + 14 * 12)));
      // The slower fall needs the higher rank.
      assertThat(one).isGreaterThanOrEqualTo(other + (budget > 0.3 ? 1 : 0));
      if (method == Method.SVD) {
        assertThat(left(0.8, one, 14) + left(0.4, other, 12))
            .isGreaterThanOrEqualTo(least(budget * 420) - 1e-9)
            // One rank may not have fitted in.
            .isLessThanOrEqualTo(least(budget * 420 - 33) + 1e-9);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBudgetHoldsForEveryKindOfNetwork(Sample sample) {
    for (Factorize settings :
        List.of(
            NONE.but().method(Method.SVD).rankBudget(0.6).build(),
            NONE.but().method(Method.ALS).rankBudget(0.6).build(),
            NONE.but().method(Method.SVD).rankBudget(0.6).sparseResidual(0.05).build())) {
      Network network = sample.network(2, Split.CHANNEL);
      Network factored = of(settings, network, sample);

      assertThat(factored.architecture()).isNotEqualTo(network.architecture());
      // Two ranks fit in, and are all there is.
      assertThat(factored.architecture())
          .isEqualTo(of(settings.but().rankBudget(0.9).build(), network, sample).architecture());
      checkSame(network, factored, sample);
    }
  }

  @Test
  void kernelsInColumnsAndRowsShareABudgetToo() {
    Network network = Sample.CONVOLUTIONS.network(2, Split.SPATIAL);
    Network factored =
        of(
            NONE.but().method(Method.SVD).split(Split.SPATIAL).rankBudget(0.7).build(),
            network,
            Sample.CONVOLUTIONS);

    assertThat(factored.architecture().layers())
        .contains(new Convolution(2, new Window(3, 1, 1), Window.POINTS, Activation.IDENTITY));
    checkSame(network, factored, Sample.CONVOLUTIONS);
  }

  @Test
  void ranksOfEachTensorGoBeforeABudget() {
    Factorize given = NONE.but().method(Method.SVD).layerRank(List.of(0.5, 1.0, 0.4)).build();
    Network network = Sample.DENSE_LAYERS.network();

    assertThat(of(given.but().rankBudget(0.1).build(), network, Sample.DENSE_LAYERS).architecture())
        .isEqualTo(of(given, network, Sample.DENSE_LAYERS).architecture());
  }

  @Test
  void whatWouldNotBecomeSmallerStays() {
    for (Sample sample : Sample.values()) {
      Network network = sample.network();
      Network same = of(NONE.but().method(Method.SVD).rank(1).build(), network, sample);
      assertThat(same.architecture()).isEqualTo(network.architecture());
      assertThat(same.parameters()).containsExactly(network.parameters());
    }
  }

  @Test
  void sparseActivationsStayWhereTheyAre() {
    SparseActivation least = SparseActivation.threshold(0.2f);
    Network network =
        Initialization.random(
            new Architecture(
                new InputShape(20, 1, 1, 1),
                List.of(
                    new Dense(16, Activation.IDENTITY), least, new Dense(3, Activation.SOFTMAX))),
            1);
    Examples examples = MemoryExamples.clusters(30, 20, 3, new SplittableRandom(1));
    Network factored =
        Factorization.of(NONE.but().method(Method.SVD).rank(0.25).build(), network, examples);

    assertThat(factored.architecture().layers()).hasSize(5).contains(least);
  }

  @Test
  void factorsAreNotFactorizedAgain() {
    Factorize settings = NONE.but().method(Method.SVD).rank(0.3).build();
    Network once = of(settings, Sample.LSTMS.network(), Sample.LSTMS);
    Network twice = of(settings, once, Sample.LSTMS);

    assertThat(twice.architecture().layers().subList(0, 2))
        .isEqualTo(once.architecture().layers().subList(0, 2));
  }

  @ParameterizedTest
  @EnumSource
  void leastSquaresKeepsMoreOfWhatTheNetworkSaysThanNearestWeightsDo(Sample sample) {
    // Inputs that are mostly alike, as those of real data.
    SplittableRandom random = new SplittableRandom(SEED);
    int features = sample.architecture.input().size();
    float[] values = new float[200 * features];
    float[][] basis = new float[4][features];
    for (float[] direction : basis) {
      for (int f = 0; f < features; f++) {
        direction[f] = (float) random.nextGaussian();
      }
    }
    for (int i = 0; i < 200; i++) {
      for (float[] direction : basis) {
        float weight = (float) random.nextGaussian();
        for (int f = 0; f < features; f++) {
          values[i * features + f] += weight * direction[f];
        }
      }
    }
    Examples examples = MemoryExamples.of(values, features, new int[200], 3);
    Network network = sample.network();
    Factorize nearest = NONE.but().method(Method.SVD).rank(0.3).build();

    double svd = error(network, Factorization.of(nearest, network, examples), examples);
    double als =
        error(
            network,
            Factorization.of(
                nearest.but().method(Method.ALS).calibration(200).build(), network, examples),
            examples);
    assertThat(als).isLessThan(0.95 * svd);
  }

  private static double error(Network one, Network other, Examples examples) {
    float[] a = Evaluator.logits(one, examples);
    float[] b = Evaluator.logits(other, examples);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow(a[i] - b[i], 2);
    }
    return sum;
  }

  @Test
  void whatAnLstmsUnitsSaidAStepBeforeIsKnown() {
    Network network = Sample.LSTMS.network();
    Examples examples = Sample.LSTMS.examples();
    WeightInputs inputs = new WeightInputs(network, examples);
    List<ParameterTensor> tensors = SEQUENTIAL.tensors();

    // The second LSTM reads at each step what the first one's units say.
    Moments read = inputs.of(tensors.get(3), 0);
    Moments before = inputs.of(tensors.get(1), 1);
    assertThat(before.mean()).hasSameSizeAs(read.mean());
    Network shorter = new Network(shortened(), network.parameters().clone());
    float[] values = new float[50 * 40];
    for (int i = 0; i < 50; i++) {
      float[] all = new float[48];
      examples.copyFeatures(i, all, 0);
      System.arraycopy(all, 0, values, i * 40, 40);
    }
    Moments expected =
        new WeightInputs(shorter, MemoryExamples.of(values, 40, new int[50], 3))
            .of(tensors.get(3), 0);
    assertThat(before.mean()).containsExactly(expected.mean(), within(1e-6));
    assertThat(before.covariance()).containsExactly(expected.covariance(), within(1e-6));
  }

  /** With the last step cut off. */
  private static Architecture shortened() {
    return new Architecture(new InputShape(1, 5, 8, 1), SEQUENTIAL.layers());
  }

  @Test
  void theSumsThatAttentionProjectsAreKnown() {
    Network network = Sample.ATTENTION.network();
    WeightInputs inputs = new WeightInputs(network, Sample.ATTENTION.examples());
    ParameterTensor output =
        ATTENTIVE.tensors().stream().filter(t -> t.name().equals("3_Wo")).findFirst().orElseThrow();
    Moments sums = inputs.of(output, 3);

    // A convolution in the shortcut's place reads what the projection makes of them.
    List<Layer> layers =
        List.of(
            ATTENTIVE.layers().get(0),
            ATTENTIVE.layers().get(1),
            ATTENTIVE.layers().get(2),
            ATTENTIVE.layers().get(3),
            new Convolution(1, 1, 1, Activation.IDENTITY),
            new Dense(3, Activation.SOFTMAX));
    Architecture reading = new Architecture(ATTENTIVE.input(), layers);
    float[] parameters = new float[reading.parameters()];
    System.arraycopy(network.parameters(), 0, parameters, 0, output.end());
    Moments said =
        new WeightInputs(new Network(reading, parameters), Sample.ATTENTION.examples())
            .of(
                reading.tensors().stream()
                    .filter(t -> t.name().equals("4_W"))
                    .findFirst()
                    .orElseThrow(),
                0);
    Matrix weights = new Matrix(12, 12);
    for (int i = 0; i < 144; i++) {
      weights.values()[i] = network.parameters()[output.offset() + i];
    }
    Matrix expected =
        weights.times(new Matrix(12, 12, sums.covariance())).times(weights.transposed());
    for (int r = 0; r < 12; r++) {
      for (int c = 0; c < 12; c++) {
        double second = said.covariance()[r * 12 + c] + said.mean()[r] * said.mean()[c];
        assertThat(second).isCloseTo(expected.at(r, c), within(1e-5));
      }
    }
  }

  @Test
  void settingsThatDoNotFitTheNetworkAreRefused() {
    Factorize svd = NONE.but().method(Method.SVD).build();
    refused(
        svd.but().split(Split.SPATIAL).build(),
        DENSE,
        "split = spatial: the network has no convolution higher and wider than one place");
    Factorization.check(svd.but().split(Split.SPATIAL).build(), RESIDUAL);
    Architecture wide =
        new Architecture(new InputShape(1, 100, 100, 1), List.of(new Dense(3, Activation.SOFTMAX)));
    // How many inputs there are the data say.
    Examples any = MemoryExamples.of(new float[10_000], 10_000, new int[1], 3);
    Factorize als = svd.but().method(Method.ALS).build();
    Factorization.check(als, wide);
    assertThatThrownBy(() -> Factorization.of(als, Initialization.random(wide, 1), any))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessage("factorize = als: a unit of 0_W has 10000 weights, at most 8192 can be fitted");
    refused(
        svd.but().method(Method.THRESHOLD).sparseResidual(0.1).build(),
        DENSE,
        "sparse-residual: needs factorize = svd");
    Factorization.check(NONE.but().split(Split.SPATIAL).build(), DENSE);
  }

  private static void refused(Factorize settings, Architecture architecture, String message) {
    assertThatThrownBy(() -> Factorization.check(settings, architecture))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessage(message);
  }
}
