package dev.pare.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LevelMatrixTest {
  @Test
  void knowsItsNonzerosAndRange() {
    LevelMatrix levels = new LevelMatrix(2, 3, new short[] {0, 5, -7, 0, 0, 1});
    assertThat(levels.nonzeros()).isEqualTo(3);
    assertThat(levels.lowest()).isEqualTo(-7);
    assertThat(levels.highest()).isEqualTo(5);
    assertThat(levels.size()).isEqualTo(6);
    assertThat(levels.at(2)).isEqualTo(-7);
  }

  @Test
  void keepsItsOwnCopy() {
    short[] array = {1, 2};
    LevelMatrix levels = new LevelMatrix(1, 2, array);
    array[0] = 9;
    assertThat(levels).isEqualTo(new LevelMatrix(1, 2, new short[] {1, 2}));
  }

  @Test
  void equalsOnlyWhatHasItsShapeAndLevels() {
    LevelMatrix levels = new LevelMatrix(1, 2, new short[] {1, 2});
    assertThat(levels).hasSameHashCodeAs(new LevelMatrix(1, 2, new short[] {1, 2}));
    assertThat(levels).isNotEqualTo(new LevelMatrix(2, 1, new short[] {1, 2}));
    assertThat(levels).isNotEqualTo(new LevelMatrix(1, 2, new short[] {1, 3}));
  }

  @Test
  void rejectsWrongSizesAndLevels() {
    assertThatIllegalArgumentException().isThrownBy(() -> new LevelMatrix(2, 2, new short[3]));
    assertThatIllegalArgumentException().isThrownBy(() -> new LevelMatrix(0, 0, new short[0]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LevelMatrix(1, 1, new short[] {257}))
        .withMessageContaining("257");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LevelMatrix(1, 1, new short[] {-257}));
  }
}
