package dev.pare.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class FlatImagesTest {
  private static final ExampleShape SHAPE = new ExampleShape(3, 8, 8);
  private static final int SIZE = 200;

  /** So many flat images of colours, and others of noise. */
  private static Examples images(int flat, IntUnaryOperator colour) {
    Random random = new Random(4);
    byte[] values = new byte[SIZE * SHAPE.size()];
    random.nextBytes(values);
    for (int i = 0; i < flat; i++) {
      for (int c = 0; c < 3; c++) {
        int first = i * SHAPE.size() + 64 * c;
        Arrays.fill(values, first, first + 64, (byte) (colour.applyAsInt(i) + 40 * c));
      }
    }
    return new ByteExamples(values, SHAPE.size(), new int[SIZE], 1);
  }

  @Test
  void imagesOfOneColourEachAreDoubted() {
    assertThat(FlatImages.doubt(images(60, i -> i), SHAPE))
        .hasValue(
            "60 of 200 training images are flat, of one colour each and 60 colours in all: could"
                + " they not be read?");
    assertThat(FlatImages.doubt(images(11, i -> i), SHAPE)).isPresent();
    assertThat(FlatImages.doubt(images(10, i -> i), SHAPE)).isEmpty();
    assertThat(FlatImages.doubt(images(0, i -> i), SHAPE)).isEmpty();
  }

  /** Of one colour it is said elsewhere, and small images have few numbers. */
  @Test
  void othersAreNot() {
    assertThat(FlatImages.doubt(images(60, i -> 7), SHAPE)).isEmpty();
    assertThat(FlatImages.doubt(images(60, i -> i), new ExampleShape(48, 2, 2))).isEmpty();
  }
}
