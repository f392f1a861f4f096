package dev.pare.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.PowerTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.artifact.Representation;
import dev.pare.artifact.SparseFloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RandomSeed;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MatricesTest {
  static Stream<Arguments> forms() {
    return Stream.of(Representation.values())
        .flatMap(
            representation ->
                Stream.of(
                    Arguments.of(representation, 7, 13, 0.9),
                    Arguments.of(representation, 5, 700, 0.05),
                    Arguments.of(representation, 900, 3, 0.002),
                    Arguments.of(representation, 1, 1, 1.0),
                    Arguments.of(representation, 2, 3, 0.0)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aMatrixIsThatOfItsTensor(
      Representation representation, int rows, int columns, double density) {
    SplittableRandom random = RandomSeed.random(representation + " " + density);
    CompressedTensor tensor = tensor(representation, rows, columns, density, random);
    float[] values = tensor.toFloats();

    check(Matrices.of(tensor), rows, columns, values, random);
  }

  @Test
  void aProductIsItsFactorsMultipliedOut() {
    SplittableRandom random = RandomSeed.random("product");
    CompressedTensor left = tensor(Representation.CODEBOOK, 6, 3, 0.8, random);
    CompressedTensor right = tensor(Representation.FLOATS, 3, 9, 1, random);
    CompressedTensor rest = tensor(Representation.SPARSE_FLOATS, 6, 9, 0.1, random);
    float[] whole = rest.toFloats();
    for (int i = 0; i < whole.length; i++) {
      for (int k = 0; k < 3; k++) {
        whole[i] += left.toFloats()[i / 9 * 3 + k] * right.toFloats()[k * 9 + i % 9];
      }
    }
    Matrix product =
        new FactoredMatrix(Matrices.of(left), Matrices.of(right), List.of(Matrices.of(rest)));

    check(product, 6, 9, whole, random);
  }

  private static void check(
      Matrix matrix, int rows, int columns, float[] values, SplittableRandom random) {
    assertThat(matrix.rows()).isEqualTo(rows);
    assertThat(matrix.columns()).isEqualTo(columns);
    float[] column = new float[rows + 1];
    column[rows] = 9;
    float[] vector = new float[columns];
    double[] sums = new double[rows];
    Arrays.fill(sums, 5);
    for (int c = 0; c < columns; c++) {
      vector[c] = random.nextInt(3) == 0 ? 0 : (float) random.nextDouble(-1, 1);
      matrix.column(c, column);
      for (int r = 0; r < rows; r++) {
        assertThat(column[r]).isCloseTo(values[r * columns + c], within(1e-6f));
        sums[r] += (double) values[r * columns + c] * vector[c];
      }
    }
    assertThat(column[rows]).isEqualTo(9);
    float[] target = new float[rows];
    Arrays.fill(target, 5);
    matrix.multiply(vector, target);
    for (int r = 0; r < rows; r++) {
      assertThat((double) target[r]).isCloseTo(sums[r], within(2e-5));
    }
    checkMany(matrix, vector, target);
  }

  /** Several examples at once, one of which is known and one all zeros. */
  private static void checkMany(Matrix matrix, float[] vector, float[] product) {
    float[][] vectors = new float[matrix.columns()][2];
    for (int c = 0; c < vector.length; c++) {
      vectors[c][0] = vector[c];
    }
    float[][] targets = new float[matrix.rows()][2];
    for (float[] target : targets) {
      Arrays.fill(target, 5);
    }
    matrix.multiply(vectors, targets);
    for (int r = 0; r < targets.length; r++) {
      assertThat(targets[r]).containsExactly(product[r], 5);
    }
  }

  private static CompressedTensor tensor(
      Representation representation,
      int rows,
      int columns,
      double density,
      SplittableRandom random) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextDouble() < density ? (float) random.nextDouble(-1, 1) : 0;
    }
    return switch (representation) {
      case FLOATS -> new FloatTensor(rows, columns, values);
      case HALVES, QUARTERS -> new FloatTensor(rows, columns, coarse(values));
      case SPARSE_FLOATS -> SparseFloatTensor.of(rows, columns, values);
      case CODEBOOK -> CodebookTensor.of(rows, columns, coarse(values));
      case UNIFORM -> new UniformTensor(levels(rows, columns, values), new float[] {0.25f});
      case UNIFORM_ROWS -> new UniformTensor(levels(rows, columns, values), scales(rows, random));
      case UNIFORM_GROUPS ->
          GroupedTensor.of(
              levels(rows, columns, values),
              Math.min(5, columns),
              scales(rows * ((columns - 1) / Math.min(5, columns) + 1), random));
      case POWERS -> new PowerTensor(levels(rows, columns, values), -3);
      case PRODUCT -> {
        int runs = (columns - 1) / Math.min(2, columns) + 1;
        short[] codes = new short[rows * runs];
        for (int i = 0; i < codes.length; i++) {
          codes[i] = (short) (random.nextDouble() < density ? 1 + random.nextInt(3) : 0);
        }
        yield new ProductTensor(
            columns,
            Math.min(2, columns),
            new LevelMatrix(rows, runs, codes),
            coarseWords(3 * Math.min(2, columns), random));
      }
    };
  }

  private static float[] coarse(float[] values) {
    float[] coarse = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      coarse[i] = Math.round(values[i] * 4) / 4f;
    }
    return coarse;
  }

  private static float[] coarseWords(int count, SplittableRandom random) {
    float[] words = new float[count];
    for (int i = 0; i < count; i++) {
      words[i] = (float) random.nextDouble(-1, 1);
    }
    return words;
  }

  private static float[] scales(int count, SplittableRandom random) {
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = (float) random.nextDouble(0.1, 0.5);
    }
    return scales;
  }

  private static LevelMatrix levels(int rows, int columns, float[] values) {
    short[] levels = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      levels[i] = (short) Math.round(values[i] * 3);
    }
    return new LevelMatrix(rows, columns, levels);
  }
}
