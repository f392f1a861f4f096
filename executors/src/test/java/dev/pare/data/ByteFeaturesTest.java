package dev.pare.data;

import static dev.pare.data.TestFiles.features;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who says that features are bytes, and that these are those that there are as floats. */
class ByteFeaturesTest {
  private static final int COUNT = 12;
  private static final int FEATURES = 2 * 3 * 4;

  private static Examples bytes() {
    SplittableRandom random = TestSeed.random();
    byte[] values = new byte[COUNT * FEATURES];
    random.nextBytes(values);
    int[] labels = new int[COUNT];
    Arrays.setAll(labels, i -> i % 2);
    return new ByteExamples(values, FEATURES, labels, 2);
  }

  private static Examples floats() {
    return MemoryExamples.clusters(COUNT, FEATURES, 2, TestSeed.random());
  }

  private static Examples joined(Examples... parts) {
    int count = parts.length * COUNT;
    return new JoinedExamples(List.of(parts), new int[count], 2, List.of());
  }

  private static Stream<Examples> views(Examples base) {
    return Stream.of(
        base,
        new ShiftedExamples(base, 2, 3, 4, 2, 3, 1),
        new SelectedFeatures(base, new int[] {0, 1, 4, 7, 8, 9, 23}),
        new SelectedFeatures(new ShiftedExamples(base, 2, 4, 3, 2, 1, 1), new int[] {3, 5, 6}),
        SubsetExamples.draw(base, 5, 1).rest(),
        new BalancedExamples(base),
        new TargetExamples(base, new float[COUNT]),
        new ReconstructedExamples(base, 255),
        joined(base, base));
  }

  static Stream<Examples> views() {
    return views(bytes());
  }

  @ParameterizedTest
  @MethodSource("views")
  void viewsOfBytesHaveThem(Examples view) {
    assertThat(view.areBytes()).isTrue();
    for (int i = 0; i < view.size(); i++) {
      // Compares the two.
      assertThat(features(view, i)).hasSize(view.features());
    }
  }

  static Stream<Examples> others() {
    return Stream.concat(views(floats()), Stream.of(joined(bytes(), floats())));
  }

  @ParameterizedTest
  @MethodSource("others")
  void othersHaveNone(Examples view) {
    assertThat(view.areBytes()).isFalse();
  }

  @Test
  void floatsAreNotCopiedAsBytes() {
    for (Examples view : List.of(floats(), new BalancedExamples(floats()))) {
      assertThatThrownBy(() -> view.copyBytes(0, new byte[FEATURES], 0))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }
}
