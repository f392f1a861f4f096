package dev.pare.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.Representation;
import dev.pare.artifact.SampleNetworks;
import dev.pare.artifact.SizeBreakdown;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Prelu;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BiasPrecisionTest {
  @ParameterizedTest
  @EnumSource
  void biasesComeCloseAndWeightsStay(BiasPrecision precision) {
    SplittableRandom random = RandomSeed.random(precision.toString());
    CompressedNetwork network =
        SampleNetworks.of(SampleNetworks.lenet300100(), Representation.CODEBOOK, 0.1, random);
    CompressedNetwork changed = precision.apply(network);
    List<ParameterTensor> places = network.architecture().tensors();
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).isWeight()) {
        assertThat(changed.tensors().get(i)).isEqualTo(network.tensors().get(i));
        continue;
      }
      float[] before = network.tensors().get(i).toFloats();
      float[] after = changed.tensors().get(i).toFloats();
      float largest = 0;
      for (float bias : before) {
        largest = Math.max(largest, Math.abs(bias));
      }
      for (int j = 0; j < before.length; j++) {
        double bound =
            switch (precision) {
              case FLOAT32 -> 0;
              case FLOAT16 -> Math.max(Math.abs(before[j]) * 0x1p-11, 0x1p-25);
              case FLOAT8 -> Math.max(Math.abs(before[j]) * 0x1p-4, largest * 0x1p-17);
              case UNIFORM8 -> largest * (0.5 / 127 + 0x1p-10);
            };
        assertThat(Math.abs((double) before[j] - after[j])).isLessThanOrEqualTo(bound);
      }
    }
    assertThat(precision.apply(changed)).isEqualTo(changed);
  }

  @Test
  void slopesHaveThePrecisionOfNormalization() {
    Architecture architecture =
        new Architecture(
            new InputShape(2, 1, 1, 1), List.of(new Prelu(), new Dense(2, Activation.SOFTMAX)));
    List<CompressedTensor> tensors =
        List.of(
            new FloatTensor(1, 2, new float[] {0.1f, 0.25f}),
            new FloatTensor(2, 2, new float[] {0.1f, 0.2f, 0.3f, 0.4f}),
            new FloatTensor(1, 2, new float[] {0.1f, 0.2f}));
    CompressedNetwork network = new CompressedNetwork(architecture, tensors);
    assertThat(BiasPrecision.FLOAT16.apply(network).tensors().get(0)).isEqualTo(tensors.get(0));
    CompressedNetwork halves = BiasPrecision.FLOAT16.applyToNormalization(network);
    // 0.1 and 0.25 as IEEE 754 halves.
    assertThat(halves.tensors().get(0).toFloats()).containsExactly(0.0999755859375f, 0.25f);
    assertThat(halves.tensors().subList(1, 3)).isEqualTo(tensors.subList(1, 3));
  }

  @Test
  void eachPrecisionTakesItsBytes() throws IOException {
    SplittableRandom random = RandomSeed.random("bytes");
    CompressedNetwork network =
        SampleNetworks.of(SampleNetworks.lenet300100(), Representation.CODEBOOK, 0.1, random);
    assertThat(biasBytes(BiasPrecision.FLOAT32.apply(network))).isEqualTo(4 * 410);
    assertThat(biasBytes(BiasPrecision.FLOAT16.apply(network))).isEqualTo(2 * 410);
    assertThat(biasBytes(BiasPrecision.UNIFORM8.apply(network))).isLessThan(410 + 64);
    assertThat(biasBytes(BiasPrecision.FLOAT8.apply(network))).isEqualTo(410 + 3);
  }

  @ParameterizedTest
  @EnumSource
  void zerosTinyAndHugeBiasesAreKept(BiasPrecision precision) {
    for (float[] biases :
        List.of(
            new float[2],
            new float[] {Float.MIN_VALUE, -Float.MIN_VALUE},
            new float[] {Float.MAX_VALUE, 1})) {
      float[] after = precision.apply(withLastBias(biases)).tensors().get(3).toFloats();
      assertThat(after[0]).isFinite();
      double slack = precision == BiasPrecision.FLOAT8 ? 0.0625 : 0.01;
      assertThat((double) after[0])
          .isBetween(
              Math.min(0.0, (1 - slack) * biases[0]), Math.max(0.0, (1 + slack) * biases[0]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void biasesThatAreNoNumbersAreRejected(BiasPrecision precision) {
    CompressedNetwork network = withLastBias(new float[] {1, Float.NaN});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> precision.apply(network))
        .withMessageContaining("NaN");
  }

  private static CompressedNetwork withLastBias(float[] bias) {
    SplittableRandom random = new SplittableRandom(5);
    CompressedNetwork network =
        SampleNetworks.of(SampleNetworks.smallDense(), Representation.CODEBOOK, 0.5, random);
    List<CompressedTensor> tensors = new ArrayList<>(network.tensors());
    tensors.set(3, new FloatTensor(1, bias.length, bias));
    return new CompressedNetwork(network.architecture(), tensors);
  }

  private static long biasBytes(CompressedNetwork network) throws IOException {
    SizeBreakdown size = new ArtifactWriter().write(network, new ByteArrayOutputStream());
    return size.biasBytes();
  }
}
