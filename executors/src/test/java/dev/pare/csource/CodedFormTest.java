package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.SampleNetworks;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.Logistic;
import dev.pare.codec.RandomLevels;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.predict.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The arithmetic code of files, and the light one, decoded in C. */
class CodedFormTest {
  private static final List<String> CHECKED =
      List.of("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all");

  private static final Set<CForm> CODED = EnumSet.of(CForm.CODED, CForm.LIGHT);

  private final SplittableRandom random = RandomSeed.random("CodedFormTest");

  @TempDir private Path folder;

  @BeforeEach
  void hasCompiler() {
    assumeTrue(Compiler.exists("gcc"), "there is no gcc to compile C with");
  }

  /** Half of each table is written. */
  @Test
  void tablesAreSymmetric() {
    for (int logit = 1; logit <= Logistic.LIMIT; logit++) {
      assertThat(Logistic.squash(-logit)).isEqualTo((1 << 16) - Logistic.squash(logit));
    }
    for (int i = 0; i < 1 << 11; i++) {
      assertThat(Logistic.stretch((1 << 11) - 1 - i << 20))
          .isEqualTo(-Logistic.stretch((1 << 11) + i << 20));
    }
  }

  @Test
  void anyLevels() throws IOException {
    for (int i = 0; i < 12; i++) {
      check(RandomLevels.any(random, 3000));
    }
  }

  @Test
  void greatMagnitudes() throws IOException {
    check(RandomLevels.independent(random, 40, 60, 0.5, 256));
  }

  @Test
  void levelsOfOneSignNoneOfThemZero() throws IOException {
    check(levels(30, 50, (row, column) -> 1 + random.nextInt(3)));
    check(levels(30, 50, (row, column) -> -1 - random.nextInt(40)));
  }

  /** What is known before any bit is read; C has no tables of no bytes. */
  @Test
  void levelsThatTakeNoBits() throws IOException {
    check(levels(3, 4, (row, column) -> 1));
    check(levels(3, 4, (row, column) -> -1));
  }

  @Test
  void columnByColumn() throws IOException {
    LevelMatrix levels =
        levels(12, 300, (row, column) -> column % 23 < 4 ? 1 + row % 2 : row % 3 == 0 ? -1 : 0);
    for (int i = 0; i < 100 && !scan(levels).parameters().transposed(); i++) {
      int period = random.nextInt(3, 50);
      int rows = random.nextInt(4, 40);
      levels =
          levels(
              rows,
              4000 / rows,
              (row, column) ->
                  row * period % 11 < 3 && random.nextInt(8) > 0 ? (column % 5 == 0 ? 2 : 1) : 0);
    }
    assertThat(scan(levels).parameters().transposed()).isTrue();
    check(levels);
  }

  @Test
  void likeLevelsAtAStride() throws IOException {
    // Of a few random ones a coder without a stride is smaller.
    SplittableRandom zeros = new SplittableRandom(1);
    LevelMatrix levels =
        levels(
            60,
            200,
            (row, column) ->
                zeros.nextInt(20) == 0 ? 0 : (column % 9 < 4 ? 1 : -1) * (1 + column % 9 / 5));
    assertThat(scan(levels).parameters().stride()).isPositive();
    check(levels);
  }

  @Test
  void longRowsAreFolded() throws IOException {
    check(RandomLevels.independent(random, 3, 70_000, 0.02, 5));
  }

  private static LevelMatrix levels(int rows, int columns, IntBinaryOperator level) {
    short[] levels = new short[rows * columns];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (short) level.applyAsInt(i / columns, i % columns);
    }
    return new LevelMatrix(rows, columns, levels);
  }

  private static CodeScan scan(LevelMatrix levels) {
    return CodeScan.of(levels);
  }

  private static CompressedNetwork network(LevelMatrix levels) {
    Architecture architecture =
        new Architecture(
            new InputShape(levels.columns(), 1, 1, 1),
            List.of(new Dense(levels.rows(), Activation.IDENTITY)));
    CompressedTensor weights = new UniformTensor(levels, new float[] {0.125f});
    return new CompressedNetwork(
        architecture,
        List.of(weights, new FloatTensor(1, levels.rows(), new float[levels.rows()])));
  }

  private void check(LevelMatrix levels) throws IOException {
    for (CForm form : CODED) {
      check(levels, form);
    }
  }

  private void check(LevelMatrix levels, CForm form) throws IOException {
    CompressedNetwork network = network(levels);
    CSource source = CExport.of(network, form, "network", Map.of());
    if (levels.nonzeros() > 0) {
      assertThat(source.source()).contains("decode(");
    }
    Path program = Compiler.build(source, folder, "gcc", CHECKED);
    float[] features = new float[levels.columns()];
    for (int i = 0; i < features.length; i++) {
      // Sums of such are exact.
      features[i] = random.nextInt(-3, 4);
    }
    float[] expected = Predictor.open(SampleNetworks.bytes(network)).predict(features).outputs();
    float[] found = Compiler.outputs(program, features);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[1 + i]).isCloseTo(expected[i], within(0f));
    }
  }

  /** Whatever bytes there are: no access elsewhere, no undefined arithmetic, and an end. */
  @ParameterizedTest
  @EnumSource(names = "PACKED", mode = EnumSource.Mode.EXCLUDE)
  void damagedCodesStayInBounds(CForm form) throws IOException {
    LevelMatrix levels = RandomLevels.independent(random, 40, 300, 0.2, 6);
    CSource source = CExport.of(network(levels), form, "network", Map.of());
    Compiler.write(source, folder);
    String text = source.source();
    String table = "static const uint8_t layer_0_W_code_bytes";
    assertThat(text).contains(table);
    Files.writeString(
        folder.resolve("network.c"), text.replace(table, table.replace("const ", "")));
    Files.writeString(
        folder.resolve("damaged.c"),
        """
        #include "network.c"

        int main(void) {
          static float features[NETWORK_FEATURES];
          static float outputs[NETWORK_OUTPUTS];
          uint32_t state = %du;
          for (int i = 0; i < NETWORK_FEATURES; i++) {
            features[i] = 1.0f;
          }
          for (int round = 0; round < 400; round++) {
            for (int flip = 0; flip <= round %% 3; flip++) {
              state = state * 1664525u + 1013904223u;
              uint32_t bit = state %% (8u * (uint32_t)sizeof layer_0_W_code_bytes);
              layer_0_W_code_bytes[bit / 8] ^= (uint8_t)(1u << bit %% 8);
            }
            network_predict(features, outputs);
          }
          return 0;
        }
        """
            .formatted(random.nextInt(1 << 30)));
    Compiler.run(
        folder,
        new byte[0],
        List.of(
            "gcc",
            "-std=c99",
            "-O1",
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all",
            "-o",
            "damaged",
            "damaged.c"));
    Compiler.run(folder, new byte[0], List.of(folder.resolve("damaged").toString()));
  }
}
