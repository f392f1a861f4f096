package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.PowerTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Training;
import dev.pare.codec.LevelCoding;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.quantize.Quantizers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What λ does to random sparse weights that nobody trains. */
class RateDistortionStageTest {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(6, 1, 1, 1),
          List.of(
              new Dense(400, Activation.RELU),
              new Dense(120, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));

  private static Network sparse(SplittableRandom random) {
    float[] parameters = new float[ARCHITECTURE.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      if (random.nextInt(5) == 0) {
        parameters[i] = (float) random.nextGaussian();
      }
    }
    return new Network(ARCHITECTURE, parameters);
  }

  private static CompressedNetwork quantized(Network start, Quantize settings) {
    return new StageChain(SampleStages.distillation())
        .run(settings, CompressedNetwork.of(start), 1);
  }

  private static long codedBytes(CompressedNetwork network) {
    List<Integer> lengths = new ArrayList<>();
    for (CompressedTensor tensor : network.tensors()) {
      levels(tensor)
          .map(levels -> LevelCoding.CONTEXT_ARITHMETIC.coder().encode(levels).bytes().length)
          .ifPresent(lengths::add);
    }
    return lengths.stream().mapToLong(Integer::longValue).sum();
  }

  private static Optional<LevelMatrix> levels(CompressedTensor tensor) {
    return switch (tensor.representation()) {
      case CODEBOOK -> Optional.of(((CodebookTensor) tensor).levels());
      case UNIFORM, UNIFORM_ROWS -> Optional.of(((UniformTensor) tensor).levels());
      case UNIFORM_GROUPS -> Optional.of(((GroupedTensor) tensor).levels());
      case POWERS -> Optional.of(((PowerTensor) tensor).levels());
      case PRODUCT -> Optional.of(((ProductTensor) tensor).codes());
      case FLOATS, HALVES, QUARTERS, SPARSE_FLOATS -> Optional.empty();
    };
  }

  static Stream<Quantize.Quantizer> quantizers() {
    return Quantizers.names().stream().map(Quantize.Quantizer::new);
  }

  @ParameterizedTest
  @MethodSource("quantizers")
  void moreIsWorthFewerBytes(Quantize.Quantizer quantizer) {
    // A fixed seed: a greedy choice promises fewer bytes on the whole, not for every matrix.
    SplittableRandom random = new SplittableRandom(Long.getLong("test.seed", 7));
    for (int bits : new int[] {2, 4}) {
      Network start = sparse(random);
      long before = Integer.MAX_VALUE;
      for (double lambda : new double[] {0, 0.003, 0.01, 0.03, 0.1, 0.3, 10}) {
        long bytes = codedBytes(quantized(start, new Quantize(bits, quantizer, lambda, NONE)));
        assertThat(bytes).as("bits %d, λ %s", bits, lambda).isLessThanOrEqualTo(before + 2);
        before = bytes;
      }
      assertThat(before).isLessThan(100);
    }
  }
}
