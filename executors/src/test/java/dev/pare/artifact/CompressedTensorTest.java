package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.codec.LevelMatrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompressedTensorTest {
  private static final int[] ALL_5 = {0, 1, 2, 3, 4};
  private static final LevelMatrix LEVELS = levels(2, 3, 0, 1, -2, 2, 0, -1);

  @Test
  void uniformValuesAreLevelTimesScale() {
    assertDecodes(new UniformTensor(LEVELS, new float[] {0.1f}), 0, 0.1f, -0.2f, 0.2f, 0, -0.1f);
    assertDecodes(
        new UniformTensor(LEVELS, new float[] {0.5f, 0.25f}), 0, 0.5f, -1, 0.5f, 0, -0.25f);
  }

  @Test
  void codebookLevelsCountAwayFromZero() {
    CodebookTensor tensor = new CodebookTensor(LEVELS, new float[] {-7, -0.5f, 0.25f, 3, 9});
    assertDecodes(tensor, 0, 0.25f, -7, 3, 0, -0.5f);
    assertThat(tensor.distinctValues()).isEqualTo(5);
  }

  @Test
  void aCodebookIsMadeOfTheValuesThereAre() {
    float[] values = {0.5f, -0f, -1, -1, 0, 0.75f};
    CodebookTensor tensor = CodebookTensor.of(2, 3, values);
    assertThat(tensor)
        .isEqualTo(
            new CodebookTensor(levels(2, 3, 1, 0, -1, -1, 0, 2), new float[] {-1, 0.5f, 0.75f}));
    assertDecodes(tensor, 0.5f, 0, -1, -1, 0, 0.75f);
    assertThat(CodebookTensor.of(1, 2, new float[2]).distinctValues()).isEqualTo(1);
  }

  @Test
  void aCodebookTakes256ValuesOfOneSign() {
    float[] values = new float[257];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    assertDecodes(CodebookTensor.of(1, 257, values), values);
    values[0] = 300;
    assertThatIllegalArgumentException().isThrownBy(() -> CodebookTensor.of(1, 257, values));
  }

  @Test
  void sparseFloatsKeepTheNonzeros() {
    SparseFloatTensor tensor = SparseFloatTensor.of(2, 2, new float[] {0, 1.5f, -2, -0f});
    assertDecodes(tensor, 0, 1.5f, -2, 0);
    assertThat(tensor.nonzeros()).isEqualTo(2);
    assertThat(tensor.distinctValues()).isEqualTo(3);
  }

  @Test
  void groupsOfARowHaveAScaleEachUnlessTheyAreZeros() {
    LevelMatrix levels = levels(2, 5, 1, -2, 0, 0, 3, 0, 0, 4, 0, 0);
    assertDecodes(
        new GroupedTensor(levels, 2, new float[] {0.5f, 2, 0.25f}),
        0.5f,
        -1,
        0,
        0,
        6,
        0,
        0,
        1,
        0,
        0);
    assertThat(GroupedTensor.of(levels, 2, new float[] {0.5f, 9, 2, 9, 0.25f, 9}))
        .isEqualTo(new GroupedTensor(levels, 2, new float[] {0.5f, 2, 0.25f}));
    assertThat(
            new GroupedTensor(levels, 2, new float[] {0.5f, 2, 0.25f})
                .withLevels(levels(2, 5, 1, 0, 0, 0, 0, 0, 0, 4, 0, 0)))
        .isEqualTo(
            new GroupedTensor(
                levels(2, 5, 1, 0, 0, 0, 0, 0, 0, 4, 0, 0), 2, new float[] {0.5f, 0.25f}));
    assertThat(new GroupedTensor(levels, 5, new float[] {2, 1}).select(new int[] {1}, ALL_5))
        .isEqualTo(new GroupedTensor(levels(1, 5, 0, 0, 4, 0, 0), 5, new float[] {1}));
  }

  @Test
  void powersCountTheirExponentsFromTheLeast() {
    PowerTensor tensor = new PowerTensor(LEVELS, -3);
    assertDecodes(tensor, 0, 0.125f, -0.25f, 0.25f, 0, -0.125f);
    assertDecodes(new PowerTensor(levels(1, 2, 1, -255), -127), 0x1p-127f, -0x1p127f);
  }

  @Test
  void productsAreWordsThatTheLastRunOfARowMayCut() {
    LevelMatrix codes = levels(2, 3, 1, 0, 2, 2, 2, 1);
    float[] words = {0.5f, -1, 3, 4};
    assertDecodes(new ProductTensor(5, 2, codes, words), 0.5f, -1, 0, 0, 3, 3, 4, 3, 4, 0.5f);
    assertThat(new ProductTensor(5, 2, codes, new float[] {9, 9, 3, 4, 0.5f, 1, 8, 8}).compact())
        .isEqualTo(
            new ProductTensor(5, 2, levels(2, 3, 2, 0, 1, 1, 1, 2), new float[] {3, 4, 9, 9}));
  }

  @Test
  void columnsOfRunsAreNotFree() {
    for (CompressedTensor tensor :
        List.of(
            new GroupedTensor(levels(1, 5, 1, 1, 1, 1, 1), 2, new float[] {1, 2, 3}),
            new ProductTensor(5, 2, levels(1, 3, 0, 0, 0), new float[0]))) {
      assertThat(tensor.hasFreeColumns()).isFalse();
    }
  }

  @Test
  void senselessRunsAreRejected() {
    for (int group : new int[] {-1, 0, 4}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new GroupedTensor(LEVELS, group, new float[4]));
    }
    for (float[] scales :
        List.of(new float[] {1}, new float[] {1, 1, 1}, new float[] {1, 0}, new float[] {1, -1})) {
      assertThatIllegalArgumentException().isThrownBy(() -> new GroupedTensor(LEVELS, 3, scales));
    }
    for (int least : new int[] {-129, 127, 128}) {
      assertThatIllegalArgumentException().isThrownBy(() -> new PowerTensor(LEVELS, least));
    }
    LevelMatrix codes = levels(2, 2, 0, 1, 2, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProductTensor(4, 2, codes, new float[2]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProductTensor(4, 2, codes, new float[5]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProductTensor(5, 2, codes, new float[4]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProductTensor(2, 0, codes, new float[4]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProductTensor(4, 2, LEVELS, new float[4]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProductTensor(4, 2, codes, new float[] {1, 2, 3, Float.NaN}));
  }

  @Test
  void senselessTablesAreRejected() {
    for (float[] centroids :
        List.of(
            new float[] {-2, -1, 1},
            new float[] {-1, -2, 1, 2},
            new float[] {-2, -1, 0, 1, 2},
            new float[] {-2, -1, 1, 1},
            new float[] {-2, -1, 1, Float.NaN},
            new float[] {-2, -1, 1, Float.POSITIVE_INFINITY})) {
      assertThatIllegalArgumentException().isThrownBy(() -> new CodebookTensor(LEVELS, centroids));
    }
    for (float[] scales : List.of(new float[3], new float[0], new float[] {-1})) {
      assertThatIllegalArgumentException().isThrownBy(() -> new UniformTensor(LEVELS, scales));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SparseFloatTensor(LEVELS, new float[4]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SparseFloatTensor(levels(1, 2, 0, 1), new float[] {0}));
    assertThatIllegalArgumentException().isThrownBy(() -> new FloatTensor(2, 2, new float[3]));
  }

  @Test
  void decodingOutsideTheTargetIsRejected() {
    List<CompressedTensor> tensors =
        List.of(
            new UniformTensor(LEVELS, new float[] {1}),
            new CodebookTensor(LEVELS, new float[] {-2, -1, 1, 2}),
            new GroupedTensor(LEVELS, 3, new float[] {1, 2}),
            new PowerTensor(LEVELS, 0),
            new ProductTensor(3, 3, levels(2, 1, 0, 1), new float[] {1, 2, 3}),
            SparseFloatTensor.of(2, 3, new float[] {1, 0, 2, 0, 3, 0}),
            new FloatTensor(2, 3, new float[6]));
    for (CompressedTensor tensor : tensors) {
      assertThatThrownBy(() -> tensor.decodeInto(new float[6], 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aNetworkNeedsATensorOfTheRightShapeForEachPlace() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CompressedNetwork(SampleNetworks.smallDense(), List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new CompressedNetwork(
                    SampleNetworks.smallDense(),
                    List.of(
                        new FloatTensor(7, 5, new float[35]),
                        new FloatTensor(1, 5, new float[5]),
                        new FloatTensor(2, 5, new float[10]),
                        new FloatTensor(1, 2, new float[2]))))
        .withMessage("0_W is 7×5, must be 5×7");
  }

  private static void assertDecodes(CompressedTensor tensor, float... expected) {
    float[] target = new float[expected.length + 2];
    tensor.decodeInto(target, 1);
    float[] framed = new float[expected.length + 2];
    System.arraycopy(expected, 0, framed, 1, expected.length);
    assertThat(target).containsExactly(framed);
  }

  private static LevelMatrix levels(int rows, int columns, int... values) {
    short[] levels = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      levels[i] = (short) values[i];
    }
    return new LevelMatrix(rows, columns, levels);
  }
}
