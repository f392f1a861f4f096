package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.codec.LevelCoding;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Architecture;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.rewrite.FoldedNormalization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator in files, and what changes networks for the sake of their files. */
class OperatorFilesTest {
  static List<Architecture> samples() {
    return OperatorSamples.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void comesBack(Architecture architecture) throws IOException {
    CompressedNetwork network = sparse(architecture);
    byte[] file = file(network);
    assertThat(new ArtifactReader().read(file)).isEqualTo(network);
    for (int length = 0; length < file.length; length++) {
      byte[] start = java.util.Arrays.copyOf(file, length);
      assertThatThrownBy(() -> new ArtifactReader().read(start))
          .isInstanceOf(MalformedArtifactException.class);
    }
  }

  private static byte[] file(CompressedNetwork network) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ArtifactWriter(LevelCoding.CONTEXT_ARITHMETIC).write(network, out);
    return out.toByteArray();
  }

  /** Half of the weights are zero, of some units all that lead there or away. */
  private static CompressedNetwork sparse(Architecture architecture) {
    SplittableRandom random = RandomSeed.random(architecture.toString());
    List<CompressedTensor> tensors =
        architecture.tensors().stream().map(place -> tensor(place, random)).toList();
    return new CompressedNetwork(architecture, tensors);
  }

  private static CompressedTensor tensor(ParameterTensor place, SplittableRandom random) {
    float[] values = new float[place.size()];
    boolean weight = place.isWeight();
    for (int i = 0; i < values.length; i++) {
      boolean zero = weight && (random.nextBoolean() || i / place.columns() == 1);
      double value = zero ? 0 : random.nextDouble(-1, 1);
      values[i] = (float) (weight ? value : 0.5 + Math.abs(value));
    }
    return weight
        ? SparseFloatTensor.of(place.rows(), place.columns(), values)
        : new FloatTensor(place.rows(), place.columns(), values);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void keepsItsFunctionWhenUnitsGoOrMoveAndNormalizationIsFolded(Architecture architecture) {
    CompressedNetwork network = sparse(architecture);
    CompressedNetwork simple = EquivalentNetworks.simplify(network);
    SplittableRandom random = RandomSeed.random("inputs");
    for (CompressedNetwork same :
        List.of(
            simple,
            EquivalentNetworks.order(network),
            FoldedNormalization.apply(network),
            FoldedNormalization.apply(simple))) {
      for (int example = 0; example < 3; example++) {
        double[] input =
            OperatorSamples.input(
                architecture, random.doubles(architecture.input().size(), -1, 1).toArray());
        double[] expected = logits(network, input);
        double[] actual = logits(same, input);
        for (int i = 0; i < expected.length; i++) {
          assertThat(actual[i]).isCloseTo(expected[i], within(1e-4 * (1 + Math.abs(expected[i]))));
        }
      }
    }
  }

  private static double[] logits(CompressedNetwork network, double[] input) {
    float[] parameters = network.toNetwork().parameters();
    double[] widened = new double[parameters.length];
    for (int i = 0; i < widened.length; i++) {
      widened[i] = parameters[i];
    }
    return ReferenceNetwork.logits(network.architecture(), widened, input);
  }
}
