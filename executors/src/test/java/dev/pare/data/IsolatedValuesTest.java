package dev.pare.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** Values that stand for missing ones as people and instruments write them, and ordinary ones. */
class IsolatedValuesTest {
  private static final int SIZE = 2000;

  private final Random random = new Random(8);

  private List<FeatureRanges.Outlier> outliers(float[] values) {
    return FeatureRanges.of(new Rows(values.length, 1, (i, row) -> row[0] = values[i])).outliers();
  }

  private static float rounded(double value, int digits) {
    return Float.parseFloat(String.format(Locale.ROOT, "%." + digits + "f", value));
  }

  private static float[] values(DoubleSupplier value, int digits) {
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = rounded(value.getAsDouble(), digits);
    }
    return values;
  }

  private float[] with(double code, double share, float[] values) {
    float[] changed = values.clone();
    for (int i = 0; i < values.length; i++) {
      changed[i] = random.nextDouble() < share ? (float) code : values[i];
    }
    return changed;
  }

  private DoubleSupplier normal(double mean, double deviation) {
    return () -> mean + deviation * random.nextGaussian();
  }

  private DoubleSupplier whole(int least, int most) {
    return () -> least + random.nextInt(most - least + 1);
  }

  private void assertDoubted(double code, float[] values) {
    for (double share : new double[] {0.02, 0.05, 0.3, 0.45}) {
      assertThat(outliers(with(code, share, values)))
          .as("%s in %s", code, share)
          .singleElement()
          .satisfies(outlier -> assertThat(outlier.values()).containsExactly((float) code));
    }
    assertThat(outliers(values)).isEmpty();
  }

  /** As NOAA's summaries of the day, LAS files of wells and MODIS's tiles have them. */
  @Test
  void codesThatInstrumentsWriteAreDoubted() {
    assertDoubted(9999.9, values(normal(55, 20), 1));
    assertDoubted(999.9, values(() -> Math.max(0, 8 + 3 * random.nextGaussian()), 1));
    assertDoubted(99.99, values(() -> Math.pow(random.nextDouble(), 4), 2));
    assertDoubted(-99.9, values(normal(10, 9), 1));
    assertDoubted(-999.25, values(normal(90, 25), 2));
    assertDoubted(65535, values(normal(3000, 700), 0));
    assertDoubted(32767, values(normal(3000, 700), 0));
    assertDoubted(-32768, values(normal(3000, 700), 0));
    assertDoubted(-28672, values(normal(3000, 1200), 0));
    // Precipitation, which there is mostly none of.
    float[] rain = values(() -> random.nextInt(5) > 0 ? 0 : random.nextDouble(), 2);
    assertDoubted(99.99, rain);
  }

  @Test
  void oneNumberApartFromAllOthersIsDoubtedWhateverItIs() {
    assertDoubted(255, values(whole(0, 100), 0));
    assertDoubted(1000, values(normal(50, 9), 1));
    assertDoubted(200, values(whole(18, 89), 0));
    assertDoubted(1900, values(whole(1990, 2023), 0));
  }

  @Test
  void zeroWellBelowAllOthersIsDoubted() {
    // Glucose of Pima's women goes from 44 to 199.
    assertDoubted(
        0, values(() -> Math.max(44, Math.min(199, 122 + 30 * random.nextGaussian())), 0));
    assertDoubted(0, values(normal(170, 10), 1));
    assertDoubted(0, values(normal(48, 3), 4));
    assertDoubted(0, values(whole(1950, 2019), 0));
    assertDoubted(0, values(whole(18, 89), 0));
  }

  @Test
  void whatHasALongTailOrManyZerosIsNot() {
    for (double share : new double[] {0, 0.3, 0.6, 0.95}) {
      for (double scale : new double[] {0.5, 3, 50}) {
        int digits = scale > 10 ? 0 : 2;
        float[] waits = values(() -> -scale * Math.log(1 - random.nextDouble()), digits);
        float[] incomes = values(() -> scale * Math.exp(random.nextGaussian()), digits);
        float[] rare = values(() -> Math.floor(-Math.log(random.nextDouble()) * scale / 3), 0);
        for (float[] each : List.of(waits, incomes, rare)) {
          assertThat(outliers(with(0, share, each))).isEmpty();
        }
      }
    }
    // Few choices, and what is cut off at its largest value.
    assertThat(outliers(with(5, 0.3, values(whole(0, 1), 0)))).isEmpty();
    float[] cut = values(() -> Math.min(5, 2 + 2 * random.nextGaussian()), 3);
    assertThat(outliers(cut)).isEmpty();
    // Hours of work, of people who have none, too.
    assertThat(outliers(with(0, 0.3, values(whole(8, 60), 0)))).isEmpty();
    // One wrong number is not a code.
    float[] one = values(normal(50, 9), 1);
    one[7] = 1000;
    assertThat(outliers(one)).isEmpty();
  }

  /** Margins of images are dark, and sequences are filled up with zeros. */
  @Test
  void zerosOfImagesAndSequencesAreNot() {
    float[] values = with(0, 0.3, values(whole(97, 122), 0));
    FeatureRanges ranges =
        FeatureRanges.of(
            new Rows(SIZE / 4, 4, (i, row) -> System.arraycopy(values, 4 * i, row, 0, 4)));
    assertThat(ranges.outliers(new ExampleShape(1, 4, 1))).isEmpty();
    assertThat(ranges.outliers(new ExampleShape(4, 1, 1)))
        .extracting(FeatureRanges.Outlier::feature)
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void columnsWithSuchAreNamedInASummary() {
    int[] labels = new int[SIZE];
    Arrays.setAll(labels, i -> i % 2);
    float[] values = with(0, 0.1, values(normal(120, 15), 0));
    values[3] = 190;
    Examples examples = new FloatExamples(values, 1, labels, 2);
    assertThat(examples.task()).isEqualTo(Task.CLASSIFICATION);
    assertThat(DataSummaryTest.doubts(examples, new ExampleShape(1, 1, 1), 1))
        .anyMatch(
            doubt ->
                doubt.matches(
                    "feature 1 holds 0, far from its other values, [4-9][0-9] to 190: a missing one\\?"));
  }
}
