package dev.pare.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConstantFeaturesTest {
  @Test
  void findsWhatAPlainComparisonFinds() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 200; round++) {
      int size = 1 + random.nextInt(6);
      int features = 1 + random.nextInt(8);
      float[] values = new float[size * features];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(4) == 0 ? 1 : 3;
      }
      Examples examples = MemoryExamples.of(values, features, new int[size], 1);
      ConstantFeatures constants = ConstantFeatures.of(examples);
      assertThat(constants.features()).isEqualTo(features);
      int count = 0;
      for (int f = 0; f < features; f++) {
        boolean constant = true;
        for (int e = 1; e < size; e++) {
          constant &= values[e * features + f] == values[f];
        }
        assertThat(constants.isConstant(f)).isEqualTo(constant);
        if (constant) {
          count++;
          assertThat(constants.value(f)).isEqualTo(values[f]);
        }
      }
      assertThat(constants.count()).isEqualTo(count);
    }
  }

  @Test
  void shiftedVariantsCountToo() {
    float[] image = new float[49];
    image[3 * 7 + 3] = 9;
    Examples still = MemoryExamples.of(image, 49, new int[1], 1);
    Examples moving = new ShiftedExamples(still, 1, 7, 7, 2, 200, 5);
    assertThat(ConstantFeatures.of(still).count()).isEqualTo(49);
    assertThat(ConstantFeatures.of(moving).count()).isEqualTo(49 - 25);
    assertThat(ConstantFeatures.of(moving).isConstant(7 + 1)).isFalse();
    assertThat(ConstantFeatures.of(moving).isConstant(6)).isTrue();
  }

  @Test
  void noExampleAndNoNumberGiveNoConstant() {
    Examples none = MemoryExamples.of(new float[0], 3, new int[0], 1);
    assertThat(ConstantFeatures.of(none).count()).isZero();
    Examples broken = MemoryExamples.of(new float[] {Float.NaN, 2}, 2, new int[1], 1);
    assertThat(ConstantFeatures.of(broken).count()).isEqualTo(1);
    assertThatThrownBy(() -> ConstantFeatures.of(broken).value(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mnistHasADarkBorder() {
    ConstantFeatures constants = ConstantFeatures.of(QuickstartData.load().train());
    assertThat(constants.count()).isBetween(60, 120);
    for (int corner : new int[] {0, 27, 27 * 28, 783}) {
      assertThat(constants.isConstant(corner)).isTrue();
      assertThat(constants.value(corner)).isZero();
    }
  }
}
