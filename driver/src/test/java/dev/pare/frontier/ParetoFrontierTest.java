package dev.pare.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.TestSeed;
import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ParetoFrontierTest {
  private record Named(String name) {}

  private record File(StageKey key, long bytes, double quality, long cost) implements Tradeoff {}

  private static File file(int id, long bytes, double accuracy) {
    return file(id, bytes, accuracy, 0);
  }

  private static File file(int id, long bytes, double accuracy, long cost) {
    return new File(StageKey.of(new Named("file " + id)), bytes, accuracy, cost);
  }

  private static final File SMALL = file(1, 1000, 0.95);
  private static final File MIDDLE = file(2, 2000, 0.975);
  private static final File LARGE = file(3, 4000, 0.98);

  private static ParetoFrontier<File> three() {
    return ParetoFrontier.of(List.of(LARGE, SMALL, MIDDLE));
  }

  @Test
  void agreesWithComparingAllPairs() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 500; round++) {
      List<File> files = new ArrayList<>();
      int count = random.nextInt(60);
      int values = 1 + random.nextInt(40);
      for (int i = 0; i < count; i++) {
        files.add(file(i, 1 + random.nextInt(values), random.nextInt(values) / (double) values));
      }

      List<File> frontier = ParetoFrontier.<File>of(files).points();
      Collections.shuffle(files, new Random(random.nextLong()));

      assertThat(frontier).isEqualTo(allPairs(files));
      assertThat(ParetoFrontier.<File>of(files).points()).isEqualTo(frontier);
    }
  }

  @Test
  void agreesWithComparingAllPairsByThreeObjectives() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 500; round++) {
      List<File> files = new ArrayList<>();
      int values = 1 + random.nextInt(12);
      for (int i = 0; i < 1 + random.nextInt(60); i++) {
        double quality = random.nextInt(values) / (double) values;
        files.add(file(i, 1 + random.nextInt(values), quality, random.nextInt(values)));
      }

      ParetoFrontier<File> frontier = ParetoFrontier.of(files, File::cost);
      Collections.shuffle(files, new Random(random.nextLong()));

      assertThat(frontier.points()).containsExactlyInAnyOrderElementsOf(allPairs(files));
      assertThat(frontier.points()).isSortedAccordingTo(Comparator.comparingLong(File::bytes));
      assertThat(ParetoFrontier.of(files, File::cost).points()).isEqualTo(frontier.points());
      for (int bytes = 0; bytes <= values; bytes++) {
        // What else counts makes no file better.
        assertThat(frontier.bestWithin(bytes).map(File::quality))
            .isEqualTo(ParetoFrontier.<File>of(files).bestWithin(bytes).map(File::quality));
      }
    }
  }

  private static List<File> allPairs(List<File> files) {
    return files.stream()
        .filter(file -> files.stream().noneMatch(other -> beats(other, file)))
        .sorted(Comparator.comparingLong(File::bytes))
        .toList();
  }

  private static boolean beats(File a, File b) {
    if (a.bytes() == b.bytes() && a.quality() == b.quality() && a.cost() == b.cost()) {
      return a.key().compareTo(b.key()) < 0;
    }
    return a.bytes() <= b.bytes() && a.quality() >= b.quality() && a.cost() <= b.cost();
  }

  @Test
  void nothingHasAnEmptyFrontier() {
    ParetoFrontier<File> empty = ParetoFrontier.of(List.of());

    assertThat(empty.points()).isEmpty();
    assertThat(empty.bestWithin(1000)).isEmpty();
  }

  @Test
  void findsThoseWithinALoss() {
    assertThat(within(0.5, 0.98)).startsWith(MIDDLE);
    assertThat(within(3, 0.98)).startsWith(SMALL);
    assertThat(within(0.49, 0.98)).startsWith(LARGE);
    assertThat(within(-0.1, 0.98)).isEmpty();
    assertThat(within(-0.5, 0.975)).startsWith(LARGE);
  }

  private static List<File> within(double maxLoss, double teacher) {
    return within(new Budget(Long.MAX_VALUE, maxLoss), teacher);
  }

  private static List<File> within(Budget budget, double teacher) {
    return budget.within(three().points(), Metric.ERROR, teacher);
  }

  @Test
  void findsTheBestWithinASize() {
    assertThat(three().bestWithin(999)).isEmpty();
    assertThat(three().bestWithin(1000)).contains(SMALL);
    assertThat(three().bestWithin(3999)).contains(MIDDLE);
    assertThat(three().bestWithin(Long.MAX_VALUE)).contains(LARGE);
  }

  @Test
  void filtersByBothLimits() {
    assertThat(within(new Budget(2000, 0.5), 0.98)).containsExactly(MIDDLE);
    assertThat(within(Budget.UNLIMITED, 0.98)).containsExactly(SMALL, MIDDLE, LARGE);
    assertThat(within(new Budget(1000, 0.5), 0.98)).isEmpty();
  }

  @Test
  void refusesBudgetsThatMeanNothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Budget(-1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Budget(1, Double.NaN));
  }
}
