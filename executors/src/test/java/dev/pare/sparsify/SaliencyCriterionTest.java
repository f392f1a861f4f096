package dev.pare.sparsify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Calibration;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.graph.SparseActivation;
import dev.pare.train.MaskedWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Saliencies against formulas written out, on networks small enough for them. */
class SaliencyCriterionTest {
  private static final int INPUTS = 5;
  private static final int CLASSES = 3;
  private static final int COUNT = 40;
  private static final float DIVISOR = 2;
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
  private static final Calibration CALIBRATION = new Calibration(COUNT, 64, 0.02);

  private final Examples examples =
      MemoryExamples.clusters(COUNT, INPUTS, CLASSES, new SplittableRandom(4));

  /** Softmax regression, whose gradients are {@code (p − y)·x}. */
  private static final Architecture REGRESSION =
      new Architecture(
          new InputShape(INPUTS, 1, 1, DIVISOR), List.of(new Dense(CLASSES, Activation.SOFTMAX)));

  private static final Architecture HIDDEN =
      new Architecture(
          new InputShape(INPUTS, 1, 1, DIVISOR),
          List.of(new Dense(8, Activation.RELU), new Dense(CLASSES, Activation.SOFTMAX)));

  private static final Network TWO_LAYERS =
      new Network(
          new Architecture(
              new InputShape(2, 1, 1, 1),
              List.of(new Dense(2, Activation.RELU), new Dense(2, Activation.SOFTMAX))),
          new float[] {3, -1, 2, 1, 0, 0, 0.2f, -0.1f, 0, 0.4f, 0, 0});

  private static Prune settings(Prune.Saliency saliency, double sparsity) {
    return new Prune(sparsity, null, saliency, Prune.Scope.GLOBAL, Prune.Schedule.ONE_SHOT, 0, NONE)
        .but()
        .calibration(CALIBRATION)
        .build();
  }

  private static Network start(Architecture architecture) {
    Network network = Initialization.random(architecture, 8);
    // Biases that are not zero, to be seen.
    architecture.tensors().stream()
        .filter(t -> t.rows() == 1)
        .forEach(
            t -> {
              for (int i = t.offset(); i < t.end(); i++) {
                network.parameters()[i] = 0.1f * (i % 5 - 2);
              }
            });
    return network;
  }

  private static SaliencyCriterion criterion(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration) {
    return Saliencies.of(settings.saliency())
        .criterion(settings, architecture, weights, calibration);
  }

  private float[] scores(
      Prune.Saliency saliency, MaskedWeights weights, Architecture architecture) {
    float[] scores = new float[architecture.parameters()];
    criterion(
            settings(saliency, 0.5),
            architecture,
            weights,
            new CalibrationSource(examples, architecture, 5))
        .score(scores);
    return scores;
  }

  private double[] input(int example) {
    float[] raw = new float[INPUTS];
    examples.copyFeatures(example, raw, 0);
    double[] input = new double[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      input[i] = raw[i] / DIVISOR;
    }
    return input;
  }

  /** For each example the gradient with respect to the weights of softmax regression. */
  private List<double[]> gradients(float[] parameters) {
    List<double[]> gradients = new ArrayList<>();
    for (int e = 0; e < COUNT; e++) {
      double[] x = input(e);
      double[] p = new double[CLASSES];
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        double z = parameters[INPUTS * CLASSES + c];
        for (int i = 0; i < INPUTS; i++) {
          z += parameters[c * INPUTS + i] * x[i];
        }
        p[c] = Math.exp(z);
        sum += p[c];
      }
      double[] gradient = new double[INPUTS * CLASSES];
      for (int c = 0; c < CLASSES; c++) {
        double error = p[c] / sum - (examples.label(e) == c ? 1 : 0);
        for (int i = 0; i < INPUTS; i++) {
          gradient[c * INPUTS + i] = error * x[i];
        }
      }
      gradients.add(gradient);
    }
    return gradients;
  }

  @Test
  void gradientIsTheMeanOfTheMagnitudesOfEachExamplesWeightTimesSlope() {
    MaskedWeights weights = new MaskedWeights(start(REGRESSION));
    float[] scores = scores(Prune.Saliency.GRADIENT, weights, REGRESSION);
    List<double[]> gradients = gradients(weights.values());
    for (int i = 0; i < INPUTS * CLASSES; i++) {
      int at = i;
      double w = weights.values()[i];
      double mean =
          gradients.stream().mapToDouble(g -> Math.abs(w * g[at])).average().orElseThrow();
      assertThat((double) scores[i]).isCloseTo(mean, within(1e-6));
    }
  }

  /**
   * Two equal examples with different labels, each as likely as the other: their slopes are ½·x and
   * −½·x, whose mean is zero though neither is.
   */
  @Test
  void slopesThatCancelBetweenExamplesStillCount() {
    Architecture two =
        new Architecture(new InputShape(1, 1, 1, 1), List.of(new Dense(2, Activation.SOFTMAX)));
    Examples opposed = MemoryExamples.of(new float[] {3, 3}, 1, new int[] {0, 1}, 2);
    MaskedWeights weights = new MaskedWeights(new Network(two, new float[] {0.7f, 0.7f, 0, 0}));
    float[] scores = new float[4];
    criterion(
            settings(Prune.Saliency.GRADIENT, 0.5),
            two,
            weights,
            new CalibrationSource(opposed, two, 5))
        .score(scores);
    assertThat(scores[0]).isCloseTo(0.7f * 0.5f * 3, within(1e-6f));
    assertThat(scores[1]).isCloseTo(0.7f * 0.5f * 3, within(1e-6f));
  }

  /**
   * A gate that multiplies all weights of an item: the slope of one example's loss at gate 1 is the
   * item's first-order term (Molchanov et al. 2017, 2019), and its mean square the gate's Fisher
   * information (Theis et al. 2018). Slopes by finite differences of a plain forward pass.
   */
  @Test
  void itemsGoByTheSlopesOfTheirGatesExampleByExample() {
    Architecture dense =
        new Architecture(
            new InputShape(INPUTS, 1, 1, DIVISOR),
            List.of(new Dense(8, Activation.TANH), new Dense(CLASSES, Activation.SOFTMAX)));
    Architecture convolutional =
        new Architecture(
            new InputShape(2, 5, 4, DIVISOR),
            List.of(
                new Convolution(6, 2, 1, Activation.TANH), new Dense(CLASSES, Activation.SOFTMAX)));
    for (Architecture architecture : List.of(dense, convolutional)) {
      for (Prune.Saliency saliency : List.of(Prune.Saliency.GRADIENT, Prune.Saliency.FISHER)) {
        for (String granularity : List.of("weight", "2x2", "unit")) {
          assertLowestGatesGo(architecture, saliency, granularity);
        }
      }
    }
  }

  private static void assertLowestGatesGo(
      Architecture architecture, Prune.Saliency saliency, String granularity) {
    Network network = start(architecture);
    Examples some =
        MemoryExamples.clusters(
            12,
            architecture.input().size(),
            CLASSES,
            new SplittableRandom(architecture.hashCode()));
    MaskedWeights weights = new MaskedWeights(network);
    Prune settings =
        settings(saliency, 0.5)
            .but()
            .scope(Prune.Scope.LAYER)
            .granularity(Granularity.parse(granularity).orElseThrow())
            .build();
    new Pruning(
            settings,
            ReducedNetwork.none(network),
            weights,
            new CalibrationSource(some, architecture, 5))
        .prune();
    ParameterTensor first = architecture.tensors().get(0);
    List<int[]> items = items(first, granularity);
    double[] scores =
        items.stream()
            .mapToDouble(
                item -> gateScore(network, some, item, saliency.equals(Prune.Saliency.FISHER)))
            .toArray();
    double median =
        Arrays.stream(scores).sorted().skip(Math.round(scores.length / 2.0)).findFirst().orElse(0);
    for (int i = 0; i < scores.length; i++) {
      assertThat(weights.isPruned(items.get(i)[0]))
          .as("%s %s item %d of %s", saliency, granularity, i, architecture)
          .isEqualTo(scores[i] < median);
    }
  }

  private static List<int[]> items(ParameterTensor tensor, String granularity) {
    int side = granularity.equals("2x2") ? 2 : 1;
    boolean unit = granularity.equals("unit");
    List<int[]> items = new ArrayList<>();
    for (int row = 0; row < tensor.rows(); row += side) {
      for (int column = 0; column < tensor.columns(); column += unit ? tensor.columns() : side) {
        int right = unit ? tensor.columns() : Math.min(column + side, tensor.columns());
        int bottom = Math.min(row + side, tensor.rows());
        List<Integer> members = new ArrayList<>();
        for (int r = row; r < bottom; r++) {
          for (int c = column; c < right; c++) {
            members.add(tensor.offset() + r * tensor.columns() + c);
          }
        }
        items.add(members.stream().mapToInt(i -> i).toArray());
      }
    }
    return items;
  }

  private static double gateScore(Network network, Examples some, int[] item, boolean squared) {
    double sum = 0;
    for (int e = 0; e < some.size(); e++) {
      double slope =
          (gatedLoss(network, some, e, item, 1 + 1e-4)
                  - gatedLoss(network, some, e, item, 1 - 1e-4))
              / 2e-4;
      sum += squared ? slope * slope : Math.abs(slope);
    }
    return sum / some.size();
  }

  private static double gatedLoss(
      Network network, Examples some, int example, int[] item, double gate) {
    Architecture architecture = network.architecture();
    double[] parameters = new double[architecture.parameters()];
    Arrays.setAll(parameters, i -> network.parameters()[i]);
    for (int i : item) {
      parameters[i] *= gate;
    }
    float[] raw = new float[architecture.input().size()];
    some.copyFeatures(example, raw, 0);
    double[] input = new double[raw.length];
    Arrays.setAll(input, i -> raw[i] / DIVISOR);
    double[] logits = ReferenceNetwork.logits(architecture, parameters, input);
    return Math.log(Arrays.stream(logits).map(Math::exp).sum()) - logits[some.label(example)];
  }

  @Test
  void fisherIsHalfTheMeanSquareSlopeTimesTheWeightsSquare() {
    MaskedWeights weights = new MaskedWeights(start(REGRESSION));
    float[] scores = scores(Prune.Saliency.FISHER, weights, REGRESSION);
    List<double[]> gradients = gradients(weights.values());
    for (int i = 0; i < INPUTS * CLASSES; i++) {
      int at = i;
      double square = gradients.stream().mapToDouble(g -> g[at] * g[at]).average().orElseThrow();
      double w = weights.values()[i];
      assertThat((double) scores[i]).isCloseTo(0.5 * square * w * w, within(1e-6));
    }
  }

  @Test
  void snipIsTheMagnitudeOfTheMeanSlopeTimesTheWeight() {
    MaskedWeights weights = new MaskedWeights(start(REGRESSION));
    float[] scores = scores(Prune.Saliency.SNIP, weights, REGRESSION);
    List<double[]> gradients = gradients(weights.values());
    for (int i = 0; i < INPUTS * CLASSES; i++) {
      int at = i;
      double slope = gradients.stream().mapToDouble(g -> g[at]).average().orElseThrow();
      assertThat((double) scores[i]).isCloseTo(Math.abs(weights.values()[i] * slope), within(1e-6));
    }
  }

  /** Of two units the one whose weights' slopes cancel goes, though each of them is larger. */
  @Test
  void snipOfAUnitIsTheMagnitudeOfTheSumOfItsWeights() {
    Architecture architecture =
        new Architecture(
            new InputShape(2, 1, 1, 1),
            List.of(new Dense(2, Activation.IDENTITY), new Dense(2, Activation.SOFTMAX)));
    // Inputs 1 and 1 make 0 of the first unit and 2 of the second.
    Network network =
        new Network(architecture, new float[] {5, -5, 1, 1, 0, 0, 1, 1, -1, -1, 0, 0});
    MaskedWeights weights = new MaskedWeights(network);
    Examples one = MemoryExamples.of(new float[] {1, 1}, 2, new int[] {0}, 2);
    new Pruning(
            settings(Prune.Saliency.SNIP, 0.5)
                .but()
                .granularity(Granularity.UNIT)
                .scope(Prune.Scope.LAYER)
                .build(),
            ReducedNetwork.none(network),
            weights,
            new CalibrationSource(one, architecture, 5))
        .prune();
    assertThat(weights.isPruned(0)).isTrue();
    assertThat(weights.isPruned(2)).isFalse();
  }

  /** Squares 9, 1, 4, 1, of which 1, 1, 4, 9 are over 15, 14, 13, 9; and .04, .01, 0, .16. */
  @Test
  void lampIsASquareOverThoseOfItsLayerThatAreNotSmaller() {
    MaskedWeights weights = new MaskedWeights(TWO_LAYERS);
    float[] scores = scores(Prune.Saliency.LAMP, weights, TWO_LAYERS.architecture());
    float[] expected = {1, 1f / 15, 4f / 13, 1f / 14, 0, 0, 0.2f, 1f / 21, 0, 1, 0, 0};
    assertThat(scores).containsExactly(expected, within(1e-6f));

    // The four lowest of both layers: those of 0, 1/21, 1/15 and 1/14.
    pruning(settings(Prune.Saliency.LAMP, 0.5), weights).prune();
    assertThat(gone(weights, 12)).containsExactly(1, 3, 7, 8);
  }

  /**
   * Inputs of (1, 2) and (3, 4) have mean squares of 5 and 10; the first layer makes (1, 4) and (5,
   * 10) of them, whose mean squares are 13 and 58.
   */
  @Test
  void wandaIsAMagnitudeTimesTheNormOfItsInput() {
    Architecture architecture = TWO_LAYERS.architecture();
    Examples two = MemoryExamples.of(new float[] {1, 2, 3, 4}, 2, new int[] {0, 1}, 2);
    float[] scores = new float[12];
    criterion(
            settings(Prune.Saliency.WANDA, 0.5),
            architecture,
            new MaskedWeights(TWO_LAYERS),
            new CalibrationSource(two, architecture, 5))
        .score(scores);
    double[] expected = {
      3 * Math.sqrt(5),
      Math.sqrt(10),
      2 * Math.sqrt(5),
      Math.sqrt(10),
      0,
      0,
      0.2 * Math.sqrt(13),
      0.1 * Math.sqrt(58),
      0,
      0.4 * Math.sqrt(58),
      0,
      0
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) scores[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  /** A filter of 2×2 is laid on an image of 1 to 9 at four places: 1, 2, 4, 5 for its first tap. */
  @Test
  void wandaTakesEachPlaceThatAFilterIsLaidOn() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 3, 3, 1),
            List.of(new Convolution(1, 2, 1, Activation.RELU), new Dense(2, Activation.SOFTMAX)));
    float[] parameters = new float[architecture.parameters()];
    Arrays.fill(parameters, 1);
    Examples one = MemoryExamples.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 9, new int[] {0}, 2);
    float[] scores = new float[parameters.length];
    criterion(
            settings(Prune.Saliency.WANDA, 0.5),
            architecture,
            new MaskedWeights(new Network(architecture, parameters)),
            new CalibrationSource(one, architecture, 5))
        .score(scores);
    double[] squares = {11.5, 18.5, 38.5, 51.5};
    for (int i = 0; i < squares.length; i++) {
      assertThat((double) scores[i]).isCloseTo(Math.sqrt(squares[i]), within(1e-5));
    }
  }

  @Test
  void wandaNamesALayerWhoseInputsItDoesNotKnow() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 4, 4, 1),
            List.of(
                new BatchNormalization(1e-5f, Activation.RELU),
                new Lstm(3, Lstm.Steps.ALL),
                new Dense(2, Activation.SOFTMAX)));
    assertThatThrownBy(() -> PruningChecks.check(settings(Prune.Saliency.WANDA, 0.5), architecture))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageStartingWith(
            "saliency = wanda: what its weights are multiplied by is not known of layer 1, ");
  }

  @Test
  void surgeonDoesWhatTheWholeInverseFisherMatrixSays() {
    Network network = start(REGRESSION);
    MaskedWeights weights = new MaskedWeights(network);
    pruning(settings(Prune.Saliency.SURGEON, 0.6), weights).prune();

    int n = INPUTS * CLASSES;
    double[][] fisher = new double[n][n];
    for (double[] g : gradients(network.parameters())) {
      for (int r = 0; r < n; r++) {
        for (int c = 0; c < n; c++) {
          fisher[r][c] += g[r] * g[c] / COUNT;
        }
      }
    }
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += fisher[i][i];
    }
    for (int i = 0; i < n; i++) {
      fisher[i][i] += CALIBRATION.damping() * trace / n;
    }
    int[] gone = gone(weights, n);
    assertThat(gone).hasSize(9);
    // δ = −F⁻¹·E·(Eᵀ·F⁻¹·E)⁻¹·w_Q
    double[][] inverse = DenseMatrices.inverse(fisher);
    double[][] among = new double[gone.length][gone.length];
    double[] w = new double[gone.length];
    for (int r = 0; r < gone.length; r++) {
      w[r] = network.parameters()[gone[r]];
      for (int c = 0; c < gone.length; c++) {
        among[r][c] = inverse[gone[r]][gone[c]];
      }
    }
    double[] multipliers = DenseMatrices.solve(among, w);
    for (int i = 0; i < n; i++) {
      double expected = network.parameters()[i];
      for (int k = 0; k < gone.length; k++) {
        expected -= inverse[i][gone[k]] * multipliers[k];
      }
      assertThat((double) weights.values()[i]).isCloseTo(expected, within(1e-4));
    }
    // The least of the first round is the least of w²/(2·F⁻¹).
    MaskedWeights fresh = new MaskedWeights(network);
    float[] scores = scores(Prune.Saliency.SURGEON, fresh, REGRESSION);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      double value = network.parameters()[i];
      least = Math.min(least, value * value / (2 * inverse[i][i]));
    }
    float lowest = Float.POSITIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      lowest = Math.min(lowest, scores[i]);
    }
    assertThat((double) lowest).isCloseTo(least, within(1e-6));
  }

  @Test
  void reconstructionSolvesTheNormalEquations() {
    for (double sparsity : new double[] {0.3, 0.8}) {
      Network network = start(HIDDEN);
      MaskedWeights weights = new MaskedWeights(network);
      Prune layerwise =
          settings(Prune.Saliency.RECONSTRUCTION, sparsity).but().scope(Prune.Scope.LAYER).build();
      pruning(layerwise, weights).prune();

      double[][] first = new double[COUNT][];
      double[][] second = new double[COUNT][8];
      for (int e = 0; e < COUNT; e++) {
        first[e] = input(e);
        for (int u = 0; u < 8; u++) {
          // What the second layer reads, of the first as it has become.
          double sum = weights.values()[8 * INPUTS + u];
          for (int i = 0; i < INPUTS; i++) {
            sum += weights.values()[u * INPUTS + i] * first[e][i];
          }
          second[e][u] = Math.max(0, sum);
        }
      }
      assertFits(network, weights, first, 0, 8, INPUTS);
      assertFits(network, weights, second, 8 * INPUTS + 8, CLASSES, 8);
    }
  }

  /**
   * Each row and its bias must be the minimum of {@code Σ(w'x + b' − wx − b)² + n·λ·‖w' − w‖²} over
   * what stays: the equations are solved with the bias as one more unknown.
   */
  private static void assertFits(
      Network before, MaskedWeights after, double[][] inputs, int offset, int rows, int columns) {
    double[] mean = new double[columns];
    double trace = 0;
    for (double[] x : inputs) {
      for (int c = 0; c < columns; c++) {
        mean[c] += x[c] / inputs.length;
      }
    }
    for (double[] x : inputs) {
      for (int c = 0; c < columns; c++) {
        trace += (x[c] - mean[c]) * (x[c] - mean[c]) / inputs.length;
      }
    }
    double damping = CALIBRATION.damping() * trace / columns;
    for (int row = 0; row < rows; row++) {
      int at = offset + row * columns;
      List<Integer> staying = new ArrayList<>();
      for (int c = 0; c < columns; c++) {
        if (!after.isPruned(at + c)) {
          staying.add(c);
        }
      }
      int n = staying.size() + 1;
      double[][] matrix = new double[n][n];
      double[] right = new double[n];
      double bias = before.parameters()[offset + rows * columns + row];
      for (double[] x : inputs) {
        double said = bias;
        for (int c = 0; c < columns; c++) {
          said += before.parameters()[at + c] * x[c];
        }
        for (int r = 0; r < n; r++) {
          double left = r < n - 1 ? x[staying.get(r)] : 1;
          right[r] += left * said / inputs.length;
          for (int c = 0; c < n; c++) {
            matrix[r][c] += left * (c < n - 1 ? x[staying.get(c)] : 1) / inputs.length;
          }
        }
      }
      for (int r = 0; r < n - 1; r++) {
        matrix[r][r] += damping;
        right[r] += damping * before.parameters()[at + staying.get(r)];
      }
      double[] expected = DenseMatrices.solve(matrix, right);
      for (int r = 0; r < n - 1; r++) {
        assertThat((double) after.values()[at + staying.get(r)])
            .isCloseTo(expected[r], within(2e-4));
      }
      assertThat((double) after.values()[offset + rows * columns + row])
          .isCloseTo(expected[n - 1], within(2e-4));
    }
  }

  @Test
  void activationIsHowOftenAUnitIsHeard() {
    Network network = start(HIDDEN);
    float[] scores = scores(Prune.Saliency.ACTIVATION, new MaskedWeights(network), HIDDEN);
    for (int u = 0; u < 8; u++) {
      int heard = 0;
      for (int e = 0; e < COUNT; e++) {
        double sum = network.parameters()[8 * INPUTS + u];
        for (int i = 0; i < INPUTS; i++) {
          sum += network.parameters()[u * INPUTS + i] * input(e)[i];
        }
        heard += sum > 0 ? 1 : 0;
      }
      assertThat((double) scores[u * INPUTS + 3]).isCloseTo((double) heard / COUNT, within(1e-6));
    }
  }

  @Test
  void activationDoesNotAskForTheClasses() {
    Architecture channels =
        new Architecture(
            new InputShape(1, 4, 4, 1),
            List.of(
                new Convolution(3, 3, 1, Activation.RELU),
                new Convolution(CLASSES, 1, 1, Activation.IDENTITY),
                new Pooling(Pooling.Pool.AVERAGE, 2, 2)));
    Prune settings =
        settings(Prune.Saliency.ACTIVATION, 0.5).but().granularity(Granularity.UNIT).build();
    PruningChecks.check(settings, channels);
    float[] scores = new float[channels.parameters()];
    criterion(
            settings,
            channels,
            new MaskedWeights(Initialization.random(channels, 1)),
            new CalibrationSource(
                MemoryExamples.clusters(20, 16, CLASSES, new SplittableRandom(1)), channels, 1))
        .score(scores);
    int classes = channels.tensors().get(2).offset();
    assertThat(Arrays.copyOfRange(scores, classes, scores.length)).containsOnly(0);
  }

  @Test
  void activationNeedsOutputsThatAreZero() {
    Prune settings =
        settings(Prune.Saliency.ACTIVATION, 0.5).but().granularity(Granularity.UNIT).build();
    Layer output = new Dense(CLASSES, Activation.SOFTMAX);
    InputShape image = new InputShape(1, 6, 6, 1);
    for (Activation activation :
        List.of(Activation.TANH, Activation.SIGMOID, Activation.IDENTITY)) {
      Architecture second =
          new Architecture(
              image,
              List.of(
                  new Convolution(3, 3, 1, 1, Activation.RELU),
                  new Pooling(Pooling.Pool.MAX, 2, 2),
                  new Dense(4, activation),
                  output));
      assertThatThrownBy(() -> PruningChecks.check(settings, second))
          .isInstanceOf(UnsupportedNetworkException.class)
          .hasMessage(
              "saliency = activation: the outputs of layer 2, dense, are not zero where its units"
                  + " are inactive; needs ReLU or a sparse activation after every hidden layer");
    }
    PruningChecks.check(
        settings,
        new Architecture(
            image,
            List.of(
                new Convolution(3, 3, 1, Activation.IDENTITY),
                new BatchNormalization(1e-3f, Activation.RELU),
                new Dense(4, Activation.IDENTITY),
                SparseActivation.threshold(0.1f),
                output)));
  }

  /** The first filter of a padded convolution is fitted to patches cut out one by one. */
  @Test
  void reconstructionOfPaddedConvolutionsSolvesTheNormalEquations() {
    Architecture padded =
        new Architecture(
            new InputShape(1, 4, 3, DIVISOR),
            List.of(
                new Convolution(2, 3, 1, 1, Activation.RELU),
                new Dense(CLASSES, Activation.SOFTMAX)));
    Examples images = MemoryExamples.clusters(COUNT, 12, CLASSES, new SplittableRandom(6));
    Network network = start(padded);
    MaskedWeights weights = new MaskedWeights(network);
    new Pruning(
            settings(Prune.Saliency.RECONSTRUCTION, 0.4).but().scope(Prune.Scope.LAYER).build(),
            ReducedNetwork.none(network),
            weights,
            new CalibrationSource(images, padded, 5))
        .prune();
    double[][] patches = new double[COUNT * 12][9];
    for (int p = 0; p < patches.length; p++) {
      float[] image = new float[12];
      images.copyFeatures(p / 12, image, 0);
      for (int k = 0; k < 9; k++) {
        int y = p % 12 / 3 + k / 3 - 1;
        int x = p % 3 + k % 3 - 1;
        boolean inside = y >= 0 && y < 4 && x >= 0 && x < 3;
        patches[p][k] = inside ? image[y * 3 + x] / DIVISOR : 0;
      }
    }
    assertFits(network, weights, patches, 0, 2, 9);
  }

  @Test
  void activationOfPaddedConvolutionsIsTheShareOfNonzeroOutputs() {
    Architecture padded =
        new Architecture(
            new InputShape(1, 4, 3, DIVISOR),
            List.of(
                new Convolution(2, 3, 1, 1, Activation.RELU),
                new Dense(CLASSES, Activation.SOFTMAX)));
    Examples images = MemoryExamples.clusters(COUNT, 12, CLASSES, new SplittableRandom(6));
    Network network = start(padded);
    float[] scores = new float[padded.parameters()];
    Prune settings =
        settings(Prune.Saliency.ACTIVATION, 0.5).but().granularity(Granularity.UNIT).build();
    PruningChecks.check(settings, padded);
    criterion(
            settings, padded, new MaskedWeights(network), new CalibrationSource(images, padded, 5))
        .score(scores);
    for (int filter = 0; filter < 2; filter++) {
      int active = 0;
      for (int place = 0; place < COUNT * 12; place++) {
        float[] image = new float[12];
        images.copyFeatures(place / 12, image, 0);
        double sum = network.parameters()[18 + filter];
        for (int k = 0; k < 9; k++) {
          int y = place % 12 / 3 + k / 3 - 1;
          int x = place % 3 + k % 3 - 1;
          boolean inside = y >= 0 && y < 4 && x >= 0 && x < 3;
          sum += inside ? network.parameters()[filter * 9 + k] * image[y * 3 + x] / DIVISOR : 0;
        }
        active += sum > 0 ? 1 : 0;
      }
      assertThat((double) scores[filter * 9 + 4])
          .isCloseTo((double) active / (COUNT * 12), within(1e-6));
    }
  }

  @Test
  void movementAddsUpWhatWeightsTimesSlopesWere() {
    MaskedWeights weights = new MaskedWeights(start(REGRESSION));
    SaliencyCriterion movement =
        criterion(
            settings(Prune.Saliency.MOVEMENT, 0.5),
            REGRESSION,
            weights,
            new CalibrationSource(examples, REGRESSION, 5));
    double[] expected = new double[weights.values().length];
    SplittableRandom random = new SplittableRandom(2);
    for (int step = 0; step < 5; step++) {
      float[] gradient = new float[expected.length];
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = (float) random.nextDouble(-1, 1);
        expected[i] -= gradient[i] * weights.values()[i];
      }
      weights.pullBack(gradient);
      for (int i = 0; i < gradient.length; i++) {
        weights.values()[i] += (float) random.nextDouble(-0.1, 0.1);
      }
    }
    float[] scores = new float[expected.length];
    movement.score(scores);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) scores[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  void chanceIsTheSameForASeedAndAnotherForAnother() {
    MaskedWeights weights = new MaskedWeights(start(HIDDEN));
    float[] scores = scores(Prune.Saliency.RANDOM, weights, HIDDEN);
    assertThat(scores(Prune.Saliency.RANDOM, weights, HIDDEN)).containsExactly(scores);
    float[] other = new float[scores.length];
    criterion(
            settings(Prune.Saliency.RANDOM, 0.5),
            HIDDEN,
            weights,
            new CalibrationSource(examples, HIDDEN, 6))
        .score(other);
    assertThat(other).isNotEqualTo(scores);
  }

  private Pruning pruning(Prune settings, MaskedWeights weights) {
    Network network = weights.network();
    return new Pruning(
        settings,
        ReducedNetwork.none(network),
        weights,
        new CalibrationSource(examples, network.architecture(), 5));
  }

  private static int[] gone(MaskedWeights weights, int first) {
    return java.util.stream.IntStream.range(0, first).filter(weights::isPruned).toArray();
  }
}
