package dev.pare.data;

import static dev.pare.data.TestFiles.features;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ShiftedExamplesTest {
  @Test
  void movesImagesAsAPixelByPixelReferenceDoes() {
    SplittableRandom random = TestSeed.random();
    for (int repeat = 0; repeat < 200; repeat++) {
      int channels = random.nextInt(1, 4);
      int height = random.nextInt(1, 12);
      int width = random.nextInt(1, 12);
      int maxShift = random.nextInt(Math.min(height, width));
      Examples base = base(random, random.nextInt(1, 6), channels * height * width);
      ShiftedExamples shifted =
          new ShiftedExamples(base, channels, height, width, maxShift, 3, random.nextLong());
      for (int index = 0; index < shifted.size(); index++) {
        int example = index % base.size();
        int dx = shifted.dx(example, index / base.size());
        int dy = shifted.dy(example, index / base.size());
        assertThat(features(shifted, index))
            .isEqualTo(moved(features(base, example), channels, height, width, dx, dy));
        assertThat(shifted.label(index)).isEqualTo(base.label(example));
      }
    }
  }

  @Test
  void beginsWithTheOriginals() {
    Examples base = base(TestSeed.random(), 5, 16);
    ShiftedExamples shifted = new ShiftedExamples(base, 1, 4, 4, 3, 2, 1);
    assertThat(shifted.size()).isEqualTo(15);
    assertThat(shifted.features()).isEqualTo(16);
    assertThat(shifted.classes()).isEqualTo(base.classes());
    for (int i = 0; i < base.size(); i++) {
      assertThat(features(shifted, i)).isEqualTo(features(base, i));
    }
  }

  @Test
  void givesTheSamePixelsForTheSameSeedOnly() {
    Examples base = base(TestSeed.random(), 50, 28 * 28);
    ShiftedExamples one = new ShiftedExamples(base, 1, 28, 28, 2, 2, 11);
    ShiftedExamples same = new ShiftedExamples(base, 1, 28, 28, 2, 2, 11);
    ShiftedExamples other = new ShiftedExamples(base, 1, 28, 28, 2, 2, 12);
    int differing = 0;
    for (int i = one.size() - 1; i >= 0; i--) {
      assertThat(features(one, i)).isEqualTo(features(same, i));
      differing += Arrays.equals(features(one, i), features(other, i)) ? 0 : 1;
    }
    assertThat(differing).isGreaterThan(50);
  }

  @Test
  void drawsEveryMoveAboutEquallyOftenAndIndependently() {
    int count = 50_000;
    Examples base = new ByteExamples(new byte[count * 9], 9, new int[count], 2);
    ShiftedExamples shifted = new ShiftedExamples(base, 1, 3, 3, 1, 2, 5);
    for (int variant = 1; variant <= 2; variant++) {
      int[] drawn = new int[9];
      int[] beside = new int[9];
      for (int i = 0; i < count; i++) {
        drawn[3 * shifted.dx(i, variant) + shifted.dy(i, variant) + 4]++;
        beside[3 * shifted.dx(i, 1) + shifted.dx((i + 1) % count, variant) + 4]++;
      }
      // Five standard deviations of a count of 1 in 9.
      double slack = 5 * Math.sqrt(count * 8.0 / 81);
      for (int move = 0; move < 9; move++) {
        assertThat((double) drawn[move]).isBetween(count / 9.0 - slack, count / 9.0 + slack);
        assertThat((double) beside[move]).isBetween(count / 9.0 - slack, count / 9.0 + slack);
      }
    }
  }

  @Test
  void writesOnlyItsOwnPartOfTheTarget() {
    Examples base = base(TestSeed.random(), 20, 2 * 3 * 4);
    ShiftedExamples shifted = new ShiftedExamples(base, 2, 3, 4, 2, 4, 3);
    for (int i = 0; i < shifted.size(); i++) {
      float[] target = new float[34];
      Arrays.fill(target, -1);
      shifted.copyFeatures(i, target, 5);
      assertThat(Arrays.copyOf(target, 5)).containsOnly(-1);
      assertThat(Arrays.copyOfRange(target, 5, 29)).isEqualTo(features(shifted, i));
      assertThat(Arrays.copyOfRange(target, 29, 34)).containsOnly(-1);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    Examples base = base(TestSeed.random(), 2, 12);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ShiftedExamples(base, 1, 3, 5, 1, 1, 0))
        .withMessage("images of 1×3×5: the examples have 12 features");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ShiftedExamples(base, 1, 3, 4, 3, 1, 0))
        .withMessage("shift = 3: must be 0 to 2 for images of 1×3×4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ShiftedExamples(base, 1, 3, 4, 1, 1 << 30, 0))
        .withMessageStartingWith("variants = 1073741824");
    ShiftedExamples shifted = new ShiftedExamples(base, 1, 3, 4, 1, 1, 0);
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> shifted.label(4));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> shifted.copyFeatures(-1, new float[12], 0));
  }

  private static float[] moved(float[] image, int channels, int height, int width, int dx, int dy) {
    float[] moved = new float[image.length];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int fromY = y - dy;
          int fromX = x - dx;
          if (fromY >= 0 && fromY < height && fromX >= 0 && fromX < width) {
            moved[(c * height + y) * width + x] = image[(c * height + fromY) * width + fromX];
          }
        }
      }
    }
    return moved;
  }

  private static Examples base(SplittableRandom random, int count, int features) {
    byte[] values = new byte[count * features];
    random.nextBytes(values);
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> i % 2);
    return new ByteExamples(values, features, labels, 2);
  }
}
