package dev.pare.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pare.TestSeed;
import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HypervolumeTest {
  private static final Hypervolume REFERENCE = new Hypervolume(8000, 0.1);

  private record Named(int id) {}

  private record File(StageKey key, long bytes, double quality) implements Tradeoff {}

  private static File file(int id, long bytes, double accuracy) {
    return new File(StageKey.of(new Named(id)), bytes, accuracy);
  }

  private static double of(Hypervolume reference, List<File> files) {
    return reference.of(ParetoFrontier.<File>of(files));
  }

  @Test
  void countsHalvingsTimesTheQualityAboveTheReference() {
    List<File> files = List.of(file(1, 1000, 0.95), file(2, 2000, 0.975), file(3, 4000, 0.98));

    assertThat(of(REFERENCE, files)).isCloseTo(0.85 + 0.875 + 0.88, within(1e-12));
    assertThat(of(new Hypervolume(4000, 0), files)).isCloseTo(0.95 + 0.975, within(1e-12));
    assertThat(of(new Hypervolume(1000, 0), files)).isZero();
    assertThat(of(REFERENCE, List.of())).isZero();
    assertThat(of(REFERENCE, List.of(file(1, 1000, 0.1)))).isZero();
  }

  /**
   * Of a fine grid over the rectangle below the reference, the share that some file is better than.
   */
  @Test
  void agreesWithCountingTheCellsOfAGrid() {
    SplittableRandom random = TestSeed.random();
    int cells = 400;
    int halvings = 10;
    for (int round = 0; round < 20; round++) {
      List<File> files = new ArrayList<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        files.add(file(i, 1L << random.nextInt(halvings + 2), random.nextDouble()));
      }
      Hypervolume reference = new Hypervolume(1L << halvings, 0.1);
      double counted = 0;
      for (int x = 0; x < cells; x++) {
        double bytes = Math.pow(2, (x + 0.5) * halvings / cells);
        for (int y = 0; y < cells; y++) {
          double error = (y + 0.5) * 0.9 / cells;
          counted +=
              files.stream().anyMatch(f -> f.bytes() <= bytes && 1 - f.quality() <= error) ? 1 : 0;
        }
      }
      double area = counted / cells / cells * halvings * 0.9;

      assertThat(of(reference, files)).isCloseTo(area, within(halvings * 0.9 * 2 / cells));
    }
  }

  @Test
  void neverFallsWhenAFileIsAdded() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 200; round++) {
      List<File> files = new ArrayList<>();
      double before = 0;
      for (int i = 0; i < 20; i++) {
        files.add(file(i, 1 + random.nextInt(2000), random.nextDouble()));
        double after = of(new Hypervolume(1024, 0.1), files);
        assertThat(after).isGreaterThanOrEqualTo(before - 1e-12);
        before = after;
      }
    }
  }

  @Test
  void theReferenceOfANetworkIsItsFloatsAndGuessing() {
    assertThat(Hypervolume.of(1000, Metric.ERROR, 0.9)).isEqualTo(new Hypervolume(4000, -0.9));
    Metric recall = Metric.of("recall-of-1").orElseThrow();
    assertThat(Hypervolume.of(1000, recall, 0.5)).isEqualTo(new Hypervolume(4000, 0.5));
  }

  @Test
  void refusesReferencesThatMeanNothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Hypervolume(0, 0.5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Hypervolume(1, Double.POSITIVE_INFINITY));
    assertThatIllegalArgumentException().isThrownBy(() -> new Hypervolume(1, Double.NaN));
  }
}
