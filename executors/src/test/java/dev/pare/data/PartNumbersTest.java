package dev.pare.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PartNumbersTest {
  @Test
  void partsWhoseNumbersDifferAreNotOnePair() {
    // As text sorts them.
    assertThat(
            PartNumbers.mismatch(
                List.of("/d/x-01.npy", "/d/x-02.npy", "/d/x-10.npy"),
                List.of("/d/y-1.npy", "/d/y-10.npy", "/d/y-2.npy")))
        .contains(1);
    assertThat(PartNumbers.mismatch(List.of("x-1", "x-2", "x-4"), List.of("y-1", "y-2", "y-3")))
        .contains(2);
    assertThat(PartNumbers.mismatch(List.of("2/x", "1/x"), List.of("1/y", "2/y"))).contains(0);
  }

  @Test
  void numbersThatAllNamesHaveTellNothing() {
    assertThat(
            PartNumbers.mismatch(
                List.of("a-1-images-idx3-ubyte.gz", "a-2-images-idx3-ubyte.gz"),
                List.of("a-1-labels-idx1-ubyte.gz", "a-2-labels-idx1-ubyte.gz")))
        .isEmpty();
    assertThat(
            PartNumbers.mismatch(
                List.of("part-00000-7a31.npy", "part-00001-7a31.npy"),
                List.of("part-0-99b2.npy", "part-1-99b2.npy")))
        .isEmpty();
  }

  @Test
  void namesThatDoNotNumberTheirPartsAlikeArePairedByTheirOrder() {
    assertThat(PartNumbers.mismatch(List.of("x-a", "x-b"), List.of("y-1", "y-2"))).isEmpty();
    assertThat(PartNumbers.mismatch(List.of("x-1-1", "x-1-2"), List.of("y-1", "y-2"))).isEmpty();
    assertThat(PartNumbers.mismatch(List.of("x-1-3", "x-2-4"), List.of("y-1", "y-2"))).isEmpty();
    assertThat(PartNumbers.mismatch(List.of("x-1"), List.of("y-2"))).isEmpty();
  }
}
