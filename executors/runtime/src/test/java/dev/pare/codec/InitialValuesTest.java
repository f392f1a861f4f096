package dev.pare.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Codes of levels whose values began at a known place. */
class InitialValuesTest {
  private static final int STEP = 60;

  @Test
  void levelsComeBackWhateverTheStarts() {
    SplittableRandom random = RandomSeed.random("starts");
    for (int trial = 0; trial < 200; trial++) {
      LevelMatrix levels = RandomLevels.any(random, 3000);
      LevelCoder coder = coder(random(random, levels));
      EncodedLevels encoded = coder.encode(levels);
      byte[] code = encoded.bytes();
      assertThat(coder.decode(code, levels.rows(), levels.columns()))
          .isEqualTo(new DecodedLevels(levels, encoded.cost()));
    }
  }

  @Test
  void everyStrideComesBack() {
    SplittableRandom random = RandomSeed.random("scans");
    for (int trial = 0; trial < 30; trial++) {
      LevelMatrix levels = RandomLevels.any(random, 2000);
      InitialValues starts = random(random, levels);
      for (int stride : new int[] {0, 2, 7, 255}) {
        CodeParameters parameters = CodeParameters.of(levels, false, stride).withDrift();
        if (parameters.empty()) {
          continue;
        }
        BinaryCoder writer = parameters.write();
        new LevelModel(parameters, levels.rows(), levels.columns(), starts)
            .code(writer, levels.levels().clone());
        assertThat(coder(starts).decode(writer.finish(), levels.rows(), levels.columns()).levels())
            .isEqualTo(levels);
      }
    }
  }

  @Test
  void startsThatTellNothingCostNothing() {
    SplittableRandom random = RandomSeed.random("nothing");
    for (double density : new double[] {0.02, 0.3, 1}) {
      LevelMatrix levels = RandomLevels.independent(random, 100, 300, density, 3);
      int plain = LevelCoding.CONTEXT_ARITHMETIC.coder().encode(levels).bytes().length;
      assertThat(coder(random(random, levels)).encode(levels).bytes().length)
          .isLessThanOrEqualTo(plain);
    }
  }

  @Test
  void valuesThatStayedNearTheirStartsTakeFarLess() {
    SplittableRandom random = RandomSeed.random("near");
    Trained trained = Trained.of(random, 120, 400);
    EncodedLevels code = coder(trained.starts()).encode(trained.levels());
    long plain = LevelCoding.CONTEXT_ARITHMETIC.coder().encode(trained.levels()).cost().totalBits();
    assertThat(code.cost().totalBits()).isLessThan(plain / 2);
    double ideal = code.cost().indexBits() + code.cost().valueBits();
    assertThat((double) code.cost().totalBits()).isBetween(0.999 * ideal, 1.002 * ideal + 64);
  }

  @Test
  void theDriftIsExpectedAsAPlainReferenceExpectsIt() {
    SplittableRandom random = RandomSeed.random("reference");
    for (int[] shape : new int[][] {{40, 90, 9}, {300, 30, 0}, {7, 64, 2}, {1, 500, 28}}) {
      int rows = shape[0];
      int columns = shape[1];
      Trained trained = Trained.of(random, rows, columns);
      InitialValues starts = trained.starts();
      AdaptivePredictor drift =
          new AdaptivePredictor(starts, Scan.of(false, rows, columns), shape[2]);
      PlainDrift plain = new PlainDrift(rows, columns, shape[2]);
      for (int row = 0; row < rows; row++) {
        drift.startLine();
        plain.startLine();
        for (int column = 0; column < columns; column++) {
          int index = row * columns + column;
          int level = trained.levels().at(index);
          drift.expect(column, index);
          long expected = plain.expect(row, column);
          assertThat(drift.expected() - starts.start(index)).isEqualTo((int) expected);
          drift.learn(column, index, level);
          plain.learn(row, column, starts.drift(index, level, drift.expected()));
        }
      }
    }
  }

  @Test
  void damagedCodesAreATypedErrorOrOtherLevels() {
    SplittableRandom random = RandomSeed.random("damage");
    Trained trained = Trained.of(random, 20, 50);
    LevelCoder coder = coder(trained.starts());
    byte[] code = coder.encode(trained.levels()).bytes();
    assertThat(code[0] & 0x80).isNotZero();
    for (int bit = 0; bit < 8 * code.length; bit++) {
      byte[] flipped = code.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      decodeOrComplain(coder, flipped);
    }
    for (int length = 0; length < code.length; length++) {
      decodeOrComplain(coder, Arrays.copyOf(code, length));
    }
  }

  private static void decodeOrComplain(LevelCoder coder, byte[] code) {
    try {
      assertThat(coder.decode(code, 20, 50).levels().size()).isEqualTo(1000);
    } catch (MalformedCodeException e) {
      assertThat(e.offset()).isBetween(0, code.length);
    }
  }

  @Test
  void whatWasCodedWithStartsIsNotReadWithoutThem() {
    Trained trained = Trained.of(RandomSeed.random("without"), 30, 60);
    byte[] code = coder(trained.starts()).encode(trained.levels()).bytes();
    assertThatThrownBy(() -> LevelCoding.CONTEXT_ARITHMETIC.coder().decode(code, 30, 60))
        .isInstanceOf(MalformedCodeException.class);
    assertThatThrownBy(() -> coder(trained.starts()).decode(code, 60, 30))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new InitialValues(2, 2, new short[3], (row, level) -> 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static LevelCoder coder(InitialValues starts) {
    return LevelCoding.CONTEXT_ARITHMETIC.coder(starts);
  }

  private static InitialValues random(SplittableRandom random, LevelMatrix levels) {
    short[] starts = new short[levels.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = (short) random.nextInt(Short.MIN_VALUE, Short.MAX_VALUE + 1);
      if (random.nextBoolean()) {
        starts[i] = InitialValues.ofDeviations(random.nextInt(-300, 301) / 100.0);
      }
    }
    int step = random.nextInt(1, 4000);
    return new InitialValues(levels.rows(), levels.columns(), starts, (row, level) -> level * step);
  }

  /** Values that are normal at first and drift by smooth lines that units share. */
  record Trained(InitialValues starts, LevelMatrix levels) {
    static Trained of(SplittableRandom random, int rows, int columns) {
      short[] starts = new short[rows * columns];
      short[] levels = new short[rows * columns];
      for (int row = 0; row < rows; row++) {
        double much = random.nextDouble(-60, 60);
        for (int column = 0; column < columns; column++) {
          double normal = 0;
          for (int i = 0; i < 12; i++) {
            normal += random.nextDouble() - 0.5;
          }
          int i = row * columns + column;
          starts[i] = InitialValues.ofDeviations(normal);
          double value = starts[i] + much * Math.sin(column / 5.0) + random.nextDouble(-10, 10);
          levels[i] = Math.abs(value) < 2 * STEP ? 0 : (short) Math.round(value / STEP);
        }
      }
      return new Trained(
          new InitialValues(rows, columns, starts, (row, level) -> level * STEP),
          new LevelMatrix(rows, columns, levels));
    }
  }
}
