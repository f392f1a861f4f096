package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.codec.LevelCoding;
import dev.pare.codec.LevelMatrix;
import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.TrainableParameters.Kind;
import dev.pare.train.TrainableParameters.Range;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntropyPenalizedWeightsTest {
  private static final int NOISES = 4000;

  private static double step(Network start, ParameterTensor tensor) {
    double squares = 0;
    int count = 0;
    for (int i = tensor.offset(); i < tensor.end(); i++) {
      squares += Math.pow(start.parameters()[i], 2);
      count += start.parameters()[i] == 0 ? 0 : 1;
    }
    return Math.sqrt(squares / count);
  }

  @Test
  void parametersAreWholeStepsTimesTheScale() {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    EntropyPenalizedWeights weights = new EntropyPenalizedWeights(start, 1);
    int scales = start.parameters().length;
    for (int i = scales; i < weights.values().length; i++) {
      weights.values()[i] = (float) random.nextDouble() - 0.5f;
    }
    float[] parameters = weights.parameters();
    int t = 0;
    for (ParameterTensor tensor : start.architecture().weights()) {
      double step = step(start, tensor);
      float scale = weights.scale(tensor);
      assertThat((double) scale)
          .isCloseTo(step * Math.exp(weights.values()[scales + t++]), within(1e-6 * step));
      short[] levels = weights.levels(tensor);
      for (int i = 0; i < levels.length; i++) {
        double ratio = start.parameters()[tensor.offset() + i] / step;
        assertThat((double) levels[i]).isCloseTo(ratio, within(0.5001));
        assertThat(parameters[tensor.offset() + i]).isEqualTo(levels[i] * scale + 0f);
      }
    }
    for (Range range : weights.ranges()) {
      for (int i = range.from(); range.kind() == Kind.FREE && i < range.to() && i < scales; i++) {
        assertThat(parameters[i]).isEqualTo(start.parameters()[i]);
      }
    }
  }

  /** What levels cost by their density, in plain arithmetic. */
  private static final class Reference {
    private final int rows;
    private final int columns;
    private final short[] levels;
    private final double[] ofRows;
    private final double[] ofColumns;
    private double nonzeros;
    private int largest;

    Reference(int rows, int columns, short[] levels) {
      this.rows = rows;
      this.columns = columns;
      this.levels = levels;
      ofRows = new double[rows];
      ofColumns = new double[columns];
      for (int i = 0; i < levels.length; i++) {
        int one = levels[i] == 0 ? 0 : 1;
        ofRows[i / columns] += one;
        ofColumns[i % columns] += one;
        nonzeros += one;
        largest = Math.max(largest, Math.abs(levels[i]));
      }
    }

    /** The probability of a level at a place. */
    double probability(int row, int column, int level) {
      double share = (nonzeros + 0.5) / (rows * columns + 1);
      double ofRow = (ofRows[row] + 0.5) / (columns + 0.5 / share);
      double ofColumn = (ofColumns[column] + 0.5) / (rows + 0.5 / share);
      double odds = ofRow / (1 - ofRow) * ofColumn / (1 - ofColumn) / (share / (1 - share));
      if (level == 0) {
        return 1 / (1 + odds);
      }
      int same = 0;
      for (int other : levels) {
        same += other == level ? 1 : 0;
      }
      return odds / (1 + odds) * (same + 0.5) / (nonzeros + largest + 1);
    }

    /** The bits of all levels. */
    double bits() {
      double sum = 0;
      for (int i = 0; i < levels.length; i++) {
        sum -= Math.log(probability(i / columns, i % columns, levels[i])) / Math.log(2);
      }
      return sum;
    }

    /** The bits of a weight as the paper has them in the loss: under even noise. */
    double bits(int row, int column, double ratio) {
      double sum = 0;
      for (int n = 0; n < NOISES; n++) {
        double noise = (n + 0.5) / NOISES - 0.5;
        sum -= Math.log(probability(row, column, (int) Math.rint(ratio + noise))) / Math.log(2);
      }
      return sum / NOISES;
    }
  }

  @Test
  void theGradientIsThatOfTheExpectedBitsUnderNoise() {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    double rate = 8000;
    EntropyPenalizedWeights weights = new EntropyPenalizedWeights(start, rate);
    weights.before(99, 100);
    weights.parameters();
    float[] gradient = weights.pullBack(new float[start.parameters().length]).clone();
    for (ParameterTensor tensor : start.architecture().weights()) {
      short[] levels = weights.levels(tensor);
      Reference reference = new Reference(tensor.rows(), tensor.columns(), levels);
      double step = step(start, tensor);
      for (int k = 0; k < 40; k++) {
        int i = random.nextInt(tensor.size());
        double ratio = start.parameters()[tensor.offset() + i] / step;
        double h = 0.02;
        if (start.parameters()[tensor.offset() + i] == 0
            || Math.abs(ratio - Math.rint(ratio)) <= h) {
          continue;
        }
        int row = i / tensor.columns();
        int column = i % tensor.columns();
        double above = reference.bits(row, column, ratio + h);
        double below = reference.bits(row, column, ratio - h);
        double slope = (above - below) / (2 * h) / step;
        assertThat((double) gradient[tensor.offset() + i])
            .as("weight %d of %s, %s steps", i, tensor.name(), ratio)
            .isCloseTo(slope, within(0.02 * Math.abs(slope) + 0.02));
      }
    }
  }

  @Test
  void theGradientOfTheLossPassesRoundingAndGoesToTheScales() {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    EntropyPenalizedWeights weights = new EntropyPenalizedWeights(start, 0);
    int count = start.parameters().length;
    for (int t = count; t < weights.values().length; t++) {
      weights.values()[t] = 0.25f;
    }
    float[] direction = SparseNetworks.gradient(random);
    weights.before(99, 100);
    float[] parameters = weights.parameters().clone();
    float[] gradient = weights.pullBack(direction.clone()).clone();
    int t = count;
    for (ParameterTensor tensor : start.architecture().weights()) {
      double up = 0;
      double down = 0;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        assertThat((double) gradient[i])
            .isCloseTo(direction[i] * Math.exp(0.25), within(1e-5 * Math.abs(direction[i]) + 1e-9));
        // Parameters at scales that differ by a share of 1/1000 either way.
        up += direction[i] * parameters[i] * Math.exp(0.001);
        down += direction[i] * parameters[i] * Math.exp(-0.001);
      }
      assertThat((double) gradient[t++]).isCloseTo((up - down) / 0.002, within(1e-3));
    }
  }

  @Test
  void theWorthOfAKilobyteRisesOverTheFirstFifth() {
    Network start = SparseNetworks.random(TestSeed.random());
    EntropyPenalizedWeights weights = new EntropyPenalizedWeights(start, 100);
    float[] none = new float[start.parameters().length];
    weights.before(99, 100);
    weights.parameters();
    float[] last = weights.pullBack(none.clone()).clone();
    for (int step = 0; step < 100; step++) {
      weights.before(step, 100);
      weights.parameters();
      float[] now = weights.pullBack(none.clone());
      for (int i = 0; i < none.length; i++) {
        float expected = last[i] * Math.min(1, (step + 1) / 20f);
        assertThat(now[i]).isCloseTo(expected, within(1e-5f * Math.abs(expected)));
      }
    }
  }

  /** Depthwise convolutions, batch normalization, gates: only what is a weight has levels. */
  @Test
  void weightsOfEveryOperatorHaveLevelsAndAllElsePassesAsItIs() {
    SplittableRandom random = TestSeed.random();
    for (Architecture architecture : OperatorSamples.all()) {
      Network start = Initialization.random(architecture, random.nextLong());
      EntropyPenalizedWeights weights = new EntropyPenalizedWeights(start, 1);
      weights.before(0, 1);
      float[] parameters = weights.parameters().clone();
      float[] direction = new float[parameters.length];
      for (int i = 0; i < direction.length; i++) {
        direction[i] = (float) random.nextDouble() - 0.5f;
      }
      float[] gradient = weights.pullBack(direction.clone());
      for (ParameterTensor tensor : architecture.tensors()) {
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          float step = tensor.isWeight() ? weights.scale(tensor) : 0;
          assertThat(parameters[i])
              .as("%s of %s", tensor.name(), architecture)
              .isCloseTo(start.parameters()[i], within(0.5001f * step));
          if (tensor.isWeight()) {
            assertThat(gradient[i]).isFinite();
          } else {
            assertThat(gradient[i]).isEqualTo(direction[i]);
          }
        }
      }
    }
  }

  /** Rows and columns of their own densities, as training leaves units. */
  @ParameterizedTest
  @ValueSource(doubles = {0.003, 0.01, 0.03, 0.1, 0.3})
  void theEstimateIsCloseToTheCode(double density) {
    SplittableRandom random = TestSeed.random();
    Architecture architecture =
        new Architecture(
            new InputShape(400, 1, 1, 1),
            List.of(new Dense(200, Activation.RELU), new Dense(2, Activation.SOFTMAX)));
    ParameterTensor tensor = architecture.weights().get(0);
    float[] parameters = new float[architecture.parameters()];
    double[] columns = random.doubles(400).map(u -> 3 * u * u).toArray();
    for (int row = 0; row < 200; row++) {
      double ofRow = 3 * Math.pow(random.nextDouble(), 2);
      for (int column = 0; column < 400; column++) {
        double p = Math.min(0.9, density * ofRow * columns[column]);
        double value = 1 + Math.floor(-Math.log(1 - random.nextDouble()));
        parameters[tensor.offset() + row * 400 + column] =
            random.nextDouble() < p ? (float) (random.nextBoolean() ? value : -value) : 0;
      }
    }
    EntropyPenalizedWeights weights =
        new EntropyPenalizedWeights(new Network(architecture, parameters), 1);
    short[] levels = weights.levels(tensor);
    LevelMatrix matrix = new LevelMatrix(200, 400, levels);
    int bytes = LevelCoding.CONTEXT_ARITHMETIC.coder().encode(matrix).bytes().length;
    assertThat(new Reference(200, 400, levels).bits() / 8)
        .isBetween(0.8 * bytes - 10, 1.05 * bytes);
  }
}
