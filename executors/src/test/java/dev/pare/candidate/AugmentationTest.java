package dev.pare.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AugmentationTest {
  @Test
  void withoutShiftsVariantsMakeNoDifference() {
    assertThat(new Augmentation(0, 8)).isEqualTo(new Augmentation(0, 1));
    assertThat(new Augmentation(0, 8).copies()).isEqualTo(1);
    assertThat(new Augmentation(2, 8)).isNotEqualTo(new Augmentation(2, 4));
  }
}
