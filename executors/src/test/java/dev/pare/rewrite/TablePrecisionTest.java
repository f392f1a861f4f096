package dev.pare.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.Float16;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.Representation;
import dev.pare.artifact.SampleNetworks;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TablePrecisionTest {
  @ParameterizedTest
  @EnumSource
  void valuesComeCloseInFewerBytesAndLevelsStay(Representation representation) throws IOException {
    SplittableRandom random = RandomSeed.random(representation.toString());
    CompressedNetwork network =
        SampleNetworks.of(SampleNetworks.lenet300100(), representation, 0.1, random);
    long before = Long.MAX_VALUE;
    for (TablePrecision precision : TablePrecision.values()) {
      CompressedNetwork changed = precision.apply(network);
      float[] exact = network.toNetwork().parameters();
      float[] rounded = changed.toNetwork().parameters();
      double bound =
          switch (precision) {
            case FLOAT32 -> 0;
            case FLOAT16 -> 0x1p-11;
            case FLOAT8 -> 0x1p-4;
          };
      for (int i = 0; i < exact.length; i++) {
        // Small numbers within words have the precision of their greatest.
        double slack = representation == Representation.PRODUCT ? 0x1p-16 : 0;
        assertThat(Math.abs((double) rounded[i] - exact[i]))
            .isLessThanOrEqualTo(bound * Math.abs(exact[i]) + slack);
      }
      assertThat(precision.apply(changed)).isEqualTo(changed);
      long bytes = new ArtifactWriter().write(changed, new ByteArrayOutputStream()).totalBytes();
      assertThat(bytes).isLessThanOrEqualTo(before);
      before = bytes;
    }
  }

  @Test
  void aByteEachIsEnoughForManyScales() throws IOException {
    short[] levels = new short[300];
    float[] scales = new float[100];
    for (int i = 0; i < 300; i++) {
      levels[i] = (short) (i % 5 - 2);
      scales[i / 3] = 0.001f * (1 + i);
    }
    UniformTensor tensor = new UniformTensor(new LevelMatrix(100, 3, levels), scales);
    assertThat(length(TablePrecision.FLOAT16, tensor))
        .isEqualTo(length(TablePrecision.FLOAT32, tensor) - 200);
    assertThat(length(TablePrecision.FLOAT8, tensor))
        .isEqualTo(length(TablePrecision.FLOAT32, tensor) - 299);
  }

  @Test
  void centroidsThatWouldBecomeOneStayApart() {
    float[] close = {1, 1.01f, 1.02f};
    CodebookTensor tensor = CodebookTensor.of(1, 3, close);
    CodebookTensor changed = (CodebookTensor) apply(TablePrecision.FLOAT8, tensor);
    assertThat(changed.centroids()).containsExactly(Float16.rounded(close));
    float[] closer = {1, Math.nextUp(1f), 2};
    assertThat(apply(TablePrecision.FLOAT8, CodebookTensor.of(1, 3, closer)).toFloats())
        .containsExactly(closer);
  }

  @Test
  void scalesThatWouldLoseTheirDigitsKeepThem() {
    LevelMatrix levels = new LevelMatrix(3, 1, new short[] {1, 1, 1});
    float[] scales = {1, 1e-4f, 1e-9f};
    assertThat(apply(TablePrecision.FLOAT8, new UniformTensor(levels, scales)).toFloats())
        .containsExactly(scales);
  }

  /** The file of a network with this weight and no bias. */
  private static int length(TablePrecision precision, CompressedTensor weight) throws IOException {
    CompressedNetwork network =
        new CompressedNetwork(
            new Architecture(
                new InputShape(weight.columns(), 1, 1, 1),
                List.of(new Dense(weight.rows(), Activation.IDENTITY))),
            List.of(weight, new FloatTensor(1, weight.rows(), new float[weight.rows()])));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ArtifactWriter().write(precision.apply(network), out);
    return out.size();
  }

  private static CompressedTensor apply(TablePrecision precision, CompressedTensor tensor) {
    return precision.of(tensor);
  }
}
