package dev.pare.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExamplesDigestTest {
  private static Examples examples(float[][] features, int... labels) {
    return new Examples() {
      @Override
      public int size() {
        return labels.length;
      }

      @Override
      public int features() {
        return features[0].length;
      }

      @Override
      public int classes() {
        return 10;
      }

      @Override
      public int label(int index) {
        return labels[index];
      }

      @Override
      public void copyFeatures(int index, float[] target, int offset) {
        System.arraycopy(features[index], 0, target, offset, features[index].length);
      }
    };
  }

  @Test
  void itTellsApartFeaturesLabelsOrderAndNumber() {
    float[][] two = {{1, 2}, {3, 4}};
    String digest = ExamplesDigest.of(examples(two, 5, 6));

    assertThat(digest)
        .hasSize(64)
        .isEqualTo(ExamplesDigest.of(examples(new float[][] {{1, 2}, {3, 4}}, 5, 6)))
        .isNotEqualTo(ExamplesDigest.of(examples(two, 5, 7)))
        .isNotEqualTo(ExamplesDigest.of(examples(new float[][] {{1, 2}, {3, 5}}, 5, 6)))
        .isNotEqualTo(ExamplesDigest.of(examples(new float[][] {{3, 4}, {1, 2}}, 6, 5)))
        .isNotEqualTo(ExamplesDigest.of(examples(two, 5)));
  }
}
