package dev.pare.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectedFeaturesTest {
  private static final int FEATURES = 60;

  private static Examples base(SplittableRandom random) {
    return MemoryExamples.clusters(20, FEATURES, 3, random);
  }

  @Test
  void givesTheSelectedFeaturesAndTouchesNothingElse() {
    SplittableRandom random = TestSeed.random();
    Examples base = base(random);
    for (int round = 0; round < 200; round++) {
      int dense = 1 + random.nextInt(30);
      int[] selected =
          IntStream.range(0, FEATURES).filter(f -> random.nextInt(dense) != 1).toArray();
      if (selected.length == 0) {
        continue;
      }
      Examples view = new SelectedFeatures(base, selected);
      assertThat(view.features()).isEqualTo(selected.length);
      assertThat(view.size()).isEqualTo(base.size());
      assertThat(view.classes()).isEqualTo(base.classes());
      int index = random.nextInt(base.size());
      assertThat(view.label(index)).isEqualTo(base.label(index));
      float[] whole = new float[FEATURES];
      base.copyFeatures(index, whole, 0);
      float[] expected = new float[selected.length + 4];
      float[] target = new float[selected.length + 4];
      for (int i = 0; i < selected.length; i++) {
        expected[3 + i] = whole[selected[i]];
      }
      view.copyFeatures(index, target, 3);
      assertThat(target).containsExactly(expected);
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() {
    Examples base = base(new SplittableRandom(1));
    int[] odd = IntStream.range(0, FEATURES / 2).map(i -> 2 * i + 1).toArray();
    Examples view = new SelectedFeatures(base, odd);
    boolean right =
        IntStream.range(0, 2000)
            .parallel()
            .allMatch(
                i -> {
                  float[] whole = new float[FEATURES];
                  float[] part = new float[odd.length];
                  base.copyFeatures(i % base.size(), whole, 0);
                  view.copyFeatures(i % base.size(), part, 0);
                  return IntStream.range(0, odd.length).allMatch(f -> part[f] == whole[odd[f]]);
                });
    assertThat(right).isTrue();
  }

  @Test
  void theSameFeaturesOfTheSameExamplesAreEqual() {
    Examples base = base(new SplittableRandom(1));
    Examples view = new SelectedFeatures(base, new int[] {1, 2, 5});
    assertThat(view)
        .isEqualTo(new SelectedFeatures(base, new int[] {1, 2, 5}))
        .hasSameHashCodeAs(new SelectedFeatures(base, new int[] {1, 2, 5}))
        .isNotEqualTo(new SelectedFeatures(base, new int[] {1, 2, 6}))
        .isNotEqualTo(new SelectedFeatures(base, new int[] {1, 2, 3}))
        .isNotEqualTo(new SelectedFeatures(base(new SplittableRandom(1)), new int[] {1, 2, 5}));
  }

  @Test
  void featuresMustAscendAndExist() {
    Examples base = base(new SplittableRandom(1));
    for (int[] bad : new int[][] {{}, {3, 3}, {4, 2}, {-1}, {FEATURES}}) {
      assertThatThrownBy(() -> new SelectedFeatures(base, bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
