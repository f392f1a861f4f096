package dev.pare.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Operations;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.Architecture.Shape;
import dev.pare.model.InputShape;
import dev.pare.model.Layer;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import dev.pare.model.ReferenceNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperationCountTest {
  private static final int EXAMPLES = 7;

  static Stream<Architecture> architectures() {
    Layer output = new Layer.Dense(3, Activation.SOFTMAX);
    return Stream.of(
        new Architecture(new InputShape(6, 1, 1, 2), List.of(output)),
        new Architecture(
            new InputShape(6, 1, 1, 2),
            List.of(
                new Layer.Dense(9, Activation.RELU),
                new Layer.Dense(8, Activation.IDENTITY),
                Layer.SparseActivation.winners(2),
                output)),
        new Architecture(
            new InputShape(2, 7, 6, 1),
            List.of(
                new Layer.Convolution(4, 3, 2, 2, Activation.RELU),
                new Layer.Convolution(3, 2, 1, Activation.IDENTITY),
                Layer.SparseActivation.binary(0.3f),
                new Layer.Pooling(Layer.Pool.MAX, 2, 1),
                new Layer.Convolution(5, 1, 1, Activation.RELU),
                output)),
        new Architecture(
            new InputShape(1, 4, 6, 1),
            List.of(
                new Layer.Convolution(6, 2, 2, Activation.IDENTITY),
                Layer.SparseActivation.threshold(0.2f),
                new Layer.SelfAttention(2, 2),
                new Layer.Shortcut(1, Activation.RELU),
                output)),
        new Architecture(
            new InputShape(2, 3, 5, 1),
            List.of(
                new Layer.Lstm(4, Layer.Steps.ALL), new Layer.Lstm(2, Layer.Steps.LAST), output)));
  }

  /** About half of the weights and of the features are zero. */
  private static Network network(Architecture architecture, SplittableRandom random) {
    float[] parameters = new float[architecture.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = random.nextBoolean() ? 0 : (float) random.nextDouble(-1, 1);
    }
    return new Network(architecture, parameters);
  }

  private static float[] features(Architecture architecture, SplittableRandom random) {
    float[] values = new float[EXAMPLES * architecture.input().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(3) == 0 ? 0 : (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** What was counted by going through every multiplication of every example. */
  private static final class Tally {
    private long dense;
    private long effective;
    private long numbers;
    private long nonzero;

    void multiply(double weight, double number) {
      dense++;
      effective += weight != 0 && number != 0 ? 1 : 0;
    }
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void countsAreThoseOfGoingThroughEveryMultiplication(Architecture architecture) {
    SplittableRandom random = TestSeed.random();
    Network network = network(architecture, random);
    float[] features = features(architecture, random);
    int each = architecture.input().size();
    Examples examples = MemoryExamples.of(features, each, new int[EXAMPLES], 3);
    Tally tally = new Tally();
    for (int example = 0; example < EXAMPLES; example++) {
      double[] input = new double[each];
      for (int i = 0; i < each; i++) {
        input[i] = features[example * each + i] / architecture.input().divisor();
      }
      tally(network, input, tally);
    }
    Operations operations = OperationCount.of(network, architecture, examples);
    assertThat(operations.multiplyAdds()).isEqualTo(tally.dense / EXAMPLES);
    assertThat(operations.originalMultiplyAdds()).isEqualTo(operations.multiplyAdds());
    assertThat(operations.effectiveMultiplyAdds())
        .isEqualTo(Math.round((double) tally.effective / EXAMPLES));
    assertThat(operations.activationDensity())
        .isCloseTo(tally.numbers == 0 ? 1 : (double) tally.nonzero / tally.numbers, within(1e-12));
  }

  private static void tally(Network network, double[] input, Tally tally) {
    Architecture architecture = network.architecture();
    double[] parameters = new double[network.parameters().length];
    Arrays.setAll(parameters, i -> network.parameters()[i]);
    List<double[]> outputs = ReferenceNetwork.outputs(architecture, parameters, input);
    int before = -1;
    for (ParameterTensor weight : architecture.tensors()) {
      if (weight.role() != Role.WEIGHT) {
        continue;
      }
      int layer = weight.layer();
      double[] read = layer == 0 ? input : outputs.get(layer - 1);
      if (layer != before && before >= 0) {
        tally.numbers += read.length;
        tally.nonzero += Arrays.stream(read).filter(x -> x != 0).count();
      }
      before = layer;
      multiply(architecture, weight, parameters, read, tally);
    }
  }

  private static void multiply(
      Architecture architecture,
      ParameterTensor weight,
      double[] parameters,
      double[] read,
      Tally tally) {
    Shape in = architecture.shapes().get(weight.layer());
    Shape out = architecture.shapes().get(weight.layer() + 1);
    int area = in.height() * in.width();
    for (int row = 0; row < weight.rows(); row++) {
      for (int column = 0; column < weight.columns(); column++) {
        double w = parameters[weight.offset() + row * weight.columns() + column];
        switch (architecture.layers().get(weight.layer()).kind()) {
          case DENSE -> tally.multiply(w, read[column]);
          case CONVOLUTION -> {
            Layer.Convolution c = (Layer.Convolution) architecture.layers().get(weight.layer());
            Layer.Axis vertical = c.vertical();
            Layer.Axis horizontal = c.horizontal();
            int channel = column / c.area();
            int tap = column % c.area();
            for (int y = 0; y < out.height(); y++) {
              for (int x = 0; x < out.width(); x++) {
                int fromY = y * vertical.stride() - vertical.padding() + tap / horizontal.kernel();
                int fromX =
                    x * horizontal.stride() - horizontal.padding() + tap % horizontal.kernel();
                boolean inside =
                    fromY >= 0 && fromY < in.height() && fromX >= 0 && fromX < in.width();
                tally.multiply(w, inside ? read[channel * area + fromY * in.width() + fromX] : 0);
              }
            }
          }
          case SELF_ATTENTION -> {
            for (int place = 0; place < area; place++) {
              tally.multiply(w, weight.name().endsWith("o") ? 1 : read[column * area + place]);
            }
          }
          case LSTM -> {
            for (int step = 0; step < in.height(); step++) {
              int feature = column / in.width() * area + step * in.width() + column % in.width();
              double own = step == 0 ? 0 : 1;
              tally.multiply(w, weight.name().endsWith("RW") ? own : read[feature]);
            }
          }
          default -> throw new AssertionError(weight);
        }
      }
    }
  }

  @Test
  void aSmallerNetworkHasFewerAgainstTheOriginal() {
    Architecture whole =
        NamedArchitecture.of(NamedArchitecture.Name.LENET_300_100)
            .resolve(new InputShape(1, 28, 28, 255), 10);
    Architecture half =
        new NamedArchitecture(NamedArchitecture.Name.MLP, List.of(150, 50))
            .resolve(new InputShape(1, 28, 28, 255), 10);
    Examples examples = MemoryExamples.of(new float[2 * 784], 784, new int[2], 10);
    Operations operations =
        OperationCount.of(new Network(half, new float[half.parameters()]), whole, examples);
    assertThat(operations).isEqualTo(new Operations(0, 266_200, 125_600, 0));
  }

  @Test
  void ofManyExamplesSomeAreSeenFromEverywhere() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 1, 1, 1),
            List.of(new Layer.Dense(1, Activation.RELU), new Layer.Dense(2, Activation.SOFTMAX)));
    int count = 10 * OperationCount.EXAMPLES;
    float[] features = new float[count];
    IntStream.range(0, count / 2).forEach(i -> features[i] = 1);
    Operations operations =
        OperationCount.of(
            new Network(architecture, new float[] {1, 0, 1, 1, 0, 0}),
            architecture,
            MemoryExamples.of(features, 1, new int[count], 2));
    assertThat(operations.activationDensity()).isEqualTo(0.5);
    assertThat(operations.effectiveMultiplyAdds()).isEqualTo(Math.round(0.5 * 3));
  }
}
