package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ReferenceNetwork;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FisherDiagonalTest {
  private static final Architecture DENSE =
      new Architecture(
          new InputShape(6, 1, 1, 2),
          List.of(new Dense(5, Activation.TANH), new Dense(3, Activation.SOFTMAX)));

  @Test
  void isTheMeanSquareOfEachExamplesDerivative() {
    SplittableRandom random = TestSeed.random();
    Network network = Initialization.random(DENSE, random.nextLong());
    Examples examples = MemoryExamples.clusters(12, 6, 3, random);
    float[] diagonal = of(network, examples);
    double[] parameters = new double[DENSE.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = network.parameters()[i];
    }
    for (int i = 0; i < parameters.length; i++) {
      double sum = 0;
      for (int example = 0; example < examples.size(); example++) {
        double kept = parameters[i];
        parameters[i] = kept + 1e-5;
        double above = loss(parameters, examples, example);
        parameters[i] = kept - 1e-5;
        double below = loss(parameters, examples, example);
        parameters[i] = kept;
        sum += Math.pow((above - below) / 2e-5, 2);
      }
      double expected = sum / examples.size();
      assertThat((double) diagonal[i]).isCloseTo(expected, within(1e-4 * expected + 1e-7));
    }
  }

  @Test
  void ofNumbersItIsOfTheSquaredError() {
    SplittableRandom random = TestSeed.random();
    Architecture linear =
        new Architecture(
            new InputShape(6, 1, 1, 2),
            List.of(new Dense(5, Activation.TANH), new Dense(2, Activation.IDENTITY)));
    Network network = Initialization.random(linear, random.nextLong());
    float[] targets = new float[24];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) random.nextDouble();
    }
    Examples examples =
        MemoryExamples.withTargets(MemoryExamples.clusters(12, 6, 3, random), targets);
    float[] diagonal = of(network, examples);
    double[] parameters = new double[linear.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = network.parameters()[i];
    }
    for (int i = 0; i < parameters.length; i++) {
      double sum = 0;
      for (int example = 0; example < 12; example++) {
        double kept = parameters[i];
        parameters[i] = kept + 1e-5;
        double above = squaredError(linear, parameters, examples, example, targets);
        parameters[i] = kept - 1e-5;
        double below = squaredError(linear, parameters, examples, example, targets);
        parameters[i] = kept;
        sum += Math.pow((above - below) / 2e-5, 2);
      }
      double expected = sum / 12;
      assertThat((double) diagonal[i]).isCloseTo(expected, within(1e-4 * expected + 1e-7));
    }
  }

  private static double squaredError(
      Architecture architecture,
      double[] parameters,
      Examples examples,
      int example,
      float[] targets) {
    float[] features = new float[6];
    examples.copyFeatures(example, features, 0);
    double[] input = new double[6];
    for (int i = 0; i < 6; i++) {
      input[i] = features[i] / 2;
    }
    double[] said = ReferenceNetwork.logits(architecture, parameters, input);
    return (Math.pow(said[0] - targets[2 * example], 2)
            + Math.pow(said[1] - targets[2 * example + 1], 2))
        / 2;
  }

  private static float[] of(Network network, Examples examples) {
    return FisherDiagonal.of(network.architecture(), network.parameters(), examples);
  }

  private static double loss(double[] parameters, Examples examples, int example) {
    float[] features = new float[6];
    examples.copyFeatures(example, features, 0);
    double[] input = new double[6];
    for (int i = 0; i < 6; i++) {
      input[i] = features[i] / 2;
    }
    double[] logits = ReferenceNetwork.logits(DENSE, parameters, input);
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    return Math.log(sum) - logits[examples.label(example)];
  }

  @Test
  void batchNormalizationGetsBatches() {
    SplittableRandom random = TestSeed.random();
    Architecture normalized =
        new Architecture(
            new InputShape(6, 1, 1, 2),
            List.of(
                new Dense(5, Activation.IDENTITY),
                new BatchNormalization(1e-3f, Activation.RELU),
                new Dense(3, Activation.SOFTMAX)));
    Network network = Initialization.random(normalized, random.nextLong());
    float[] diagonal = of(network, MemoryExamples.clusters(50, 6, 3, random));
    double weights = 0;
    for (int i = 0; i < 30; i++) {
      assertThat(diagonal[i]).isFinite().isNotNegative();
      weights += diagonal[i];
    }
    assertThat(weights).isPositive();
  }
}
