package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.LevelTensor;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Training;
import dev.pare.data.ConstantFeatures;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.sparsify.ReducedNetwork;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every quantizer on the class path must do, whoever wrote it. */
class QuantizerContractTest {
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(6, 1, 1, 1),
          List.of(new Dense(8, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
  private static final Examples EXAMPLES =
      MemoryExamples.clusters(40, 6, 3, new SplittableRandom(3));

  static List<String> all() {
    return Quantizers.names();
  }

  static Stream<String> ofSingleWeights() {
    return all().stream()
        .filter(name -> Quantizers.of(new Quantize.Quantizer(name)).hasSingleWeights());
  }

  /** A third of the weights is zero, and the last hidden unit has no outgoing weights. */
  private static Network network() {
    Network network = Initialization.random(ARCHITECTURE, 5);
    float[] parameters = network.parameters();
    for (ParameterTensor tensor : ARCHITECTURE.weights()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        boolean ofLastUnit = tensor.layer() == 1 && (i - tensor.offset()) % 8 == 7;
        parameters[i] = i % 3 == 0 || ofLastUnit ? 0 : parameters[i];
      }
    }
    return network;
  }

  private static CompressedNetwork quantized(String name, double rateDistortion) {
    Quantize settings =
        new Quantize(
            3,
            new Quantize.Quantizer(name),
            rateDistortion,
            new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0));
    Quantizer quantizer = Quantizers.of(settings.quantizer());
    ReducedNetwork reduction =
        quantizer.usesRuns()
            ? ReducedNetwork.none(network())
            : ReducedNetwork.of(network(), ConstantFeatures.of(EXAMPLES));
    Examples examples = reduction.examples(EXAMPLES);
    QuantizedWeights weights =
        quantizer.quantize(
            settings, reduction, new LevelChoice(settings, examples, CoderCost.plain()), 7);
    Network trained =
        new Network(reduction.network().architecture(), weights.variables().parameters().clone());
    CompressedNetwork whole =
        CompressedNetwork.of(reduction.expand(trained), weights.tensors().get());
    if (rateDistortion == 0) {
      // The file has what training had.
      assertThat(whole.toNetwork().parameters())
          .containsExactly(reduction.expand(trained).parameters());
    }
    return whole;
  }

  @Test
  void thereAreThoseOfThePapersAndOneOfOnesOwn() {
    assertThat(Quantizers.names())
        .containsExactly(
            "uniform",
            "uniform-channel",
            "uniform-group",
            "codebook",
            "ternary",
            "binary",
            "power-of-two",
            "product",
            "entropy-penalized",
            "gptq",
            "toy");
  }

  @Test
  void whereThereIsNoneOfANameItSaysWhichThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quantizers.of(new Quantize.Quantizer("magic")))
        .withMessageStartingWith("quantizer = magic: must be one of uniform, uniform-channel, ");
  }

  @ParameterizedTest
  @MethodSource("all")
  void theFileHasTheValuesThatWereTrainedAndTheyRepeatToTheBit(String name) {
    for (double rateDistortion : new double[] {0, 0.1}) {
      assertThat(quantized(name, rateDistortion)).isEqualTo(quantized(name, rateDistortion));
    }
  }

  @ParameterizedTest
  @MethodSource("ofSingleWeights")
  void weightsAreLevelsAndZeroStaysZero(String name) {
    CompressedNetwork quantized = quantized(name, 0);
    float[] before = network().parameters();
    float[] after = quantized.toNetwork().parameters();
    for (ParameterTensor tensor : ARCHITECTURE.weights()) {
      assertThat(quantized.tensors().get(ARCHITECTURE.tensors().indexOf(tensor)))
          .isInstanceOf(LevelTensor.class);
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        assertThat(before[i] == 0 && after[i] != 0).as("weight %d", i).isFalse();
      }
    }
  }
}
