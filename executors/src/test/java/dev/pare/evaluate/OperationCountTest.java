package dev.pare.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Operations;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.Window;
import dev.pare.model.NamedArchitecture;
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
    Layer output = new Dense(3, Activation.SOFTMAX);
    return Stream.of(
        new Architecture(new InputShape(6, 1, 1, 2), List.of(output)),
        new Architecture(
            new InputShape(6, 1, 1, 2),
            List.of(
                new Dense(9, Activation.RELU),
                new Dense(8, Activation.IDENTITY),
                SparseActivation.topK(2),
                output)),
        new Architecture(
            new InputShape(2, 7, 6, 1),
            List.of(
                new Convolution(4, 3, 2, 2, Activation.RELU),
                new Convolution(3, 2, 1, Activation.IDENTITY),
                SparseActivation.binary(0.3f),
                new Pooling(Pooling.Pool.MAX, 2, 1),
                new Convolution(5, 1, 1, Activation.RELU),
                output)),
        new Architecture(
            new InputShape(1, 4, 6, 1),
            List.of(
                new Convolution(6, 2, 2, Activation.IDENTITY),
                SparseActivation.threshold(0.2f),
                new SelfAttention(2, 2),
                Shortcut.from(1, Activation.RELU),
                output)),
        new Architecture(
            new InputShape(2, 3, 4, 1),
            List.of(
                new Convolution(3, 2, 1, Activation.RELU),
                new TransposedConvolution(
                    4, 1, new Window(3, 2, 1), new Window(2, 1, 0), 1, 0, Activation.RELU),
                output)),
        new Architecture(
            new InputShape(2, 3, 5, 1),
            List.of(new Lstm(4, Lstm.Steps.ALL), new Lstm(2, Lstm.Steps.LAST), output)));
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
      if (!weight.isWeight()) {
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
    for (int layer = 0; layer < architecture.layers().size(); layer++) {
      if (architecture.layers().get(layer) instanceof SelfAttention attention) {
        int places = architecture.inputShape(layer).places();
        multiplyActivations(attention.heads(), places, attention.width(), tally);
      }
    }
  }

  /** For each query all keys by their numbers, and then all values by their weights. */
  private static void multiplyActivations(int heads, int places, int width, Tally tally) {
    for (int head = 0; head < heads; head++) {
      for (int query = 0; query < places; query++) {
        for (int key = 0; key < places; key++) {
          for (int i = 0; i < width; i++) {
            tally.multiply(1, 1);
            tally.multiply(1, 1);
          }
        }
      }
    }
  }

  private static void multiply(
      Architecture architecture,
      ParameterTensor weight,
      double[] parameters,
      double[] read,
      Tally tally) {
    Shape in = architecture.inputShape(weight.layer());
    Shape out = architecture.outputShape(weight.layer());
    int area = in.height() * in.width();
    for (int row = 0; row < weight.rows(); row++) {
      for (int column = 0; column < weight.columns(); column++) {
        double w = parameters[weight.offset() + row * weight.columns() + column];
        Layer layer = architecture.layers().get(weight.layer());
        if (layer instanceof Dense) {
          tally.multiply(w, read[column]);
        } else if (layer instanceof Convolution c) {
          Window vertical = c.vertical();
          Window horizontal = c.horizontal();
          int channel = column / c.area();
          int tap = column % c.area();
          for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
              int fromY = y * vertical.stride() - vertical.before() + tap / horizontal.kernel();
              int fromX = x * horizontal.stride() - horizontal.before() + tap % horizontal.kernel();
              boolean inside =
                  fromY >= 0 && fromY < in.height() && fromX >= 0 && fromX < in.width();
              tally.multiply(w, inside ? read[channel * area + fromY * in.width() + fromX] : 0);
            }
          }
        } else if (layer instanceof TransposedConvolution c) {
          for (int place = 0; place < area; place++) {
            tally.multiply(w, read[column / c.area() * area + place]);
          }
        } else if (layer instanceof SelfAttention) {
          for (int place = 0; place < area; place++) {
            tally.multiply(w, weight.name().endsWith("o") ? 1 : read[column * area + place]);
          }
        } else if (layer instanceof Lstm) {
          for (int step = 0; step < in.height(); step++) {
            int feature = column / in.width() * area + step * in.width() + column % in.width();
            double own = step == 0 ? 0 : 1;
            tally.multiply(w, weight.name().endsWith("RW") ? own : read[feature]);
          }
        } else {
          throw new AssertionError(weight);
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
            List.of(new Dense(1, Activation.RELU), new Dense(2, Activation.SOFTMAX)));
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
