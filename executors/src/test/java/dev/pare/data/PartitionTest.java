package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.features;
import static dev.pare.data.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.candidate.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training files divided in shares, and made of several. */
class PartitionTest {
  @TempDir private Path folder;

  @Test
  void drawsEachClassAlike() {
    for (long seed = 0; seed < 20; seed++) {
      int[] counts = {100, 10, 3, 1, 47};
      DataSettings settings = shares(rows(counts), 0.2, 0.3, seed);
      TrainingData data = DataLoader.loadTraining(settings, HADOOP);
      Examples test = DataLoader.loadTest(settings, data.form(), HADOOP).examples();
      assertThat(test.size()).isEqualTo(48);
      assertThat(data.validation().size()).isEqualTo(32);
      assertThat(data.train().size()).isEqualTo(81);
      for (int label = 0; label < counts.length; label++) {
        // The nearest whole numbers on either side of the share.
        assertThat(Math.abs(count(test, label) - 0.3 * counts[label])).isLessThan(1);
        assertThat(Math.abs(count(data.validation(), label) - 0.2 * counts[label])).isLessThan(1.3);
      }
      List<Integer> all = new ArrayList<>(numbers(test));
      all.addAll(numbers(data.train()));
      all.addAll(numbers(data.validation()));
      assertThat(all).doesNotHaveDuplicates().hasSize(161);
      assertThat(numbers(data.train())).isSorted();
    }
  }

  /** A float and a label for each of 100 rows, and the indices of those that are drawn. */
  @Test
  void allExamplesThatAreHeldAreCounted() {
    DataSettings settings = shares(rows(50, 50), 0.2, 0.5, 1);
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    assertThat(data.bytes()).isEqualTo(100 * 8 + 50 * 4);
    assertThat(DataLoader.loadTest(settings, data.form(), HADOOP).examples().bytes())
        .isEqualTo(100 * 8 + 50 * 4);
  }

  @Test
  void theSeedDrawsThem() {
    String rows = rows(50, 50);
    List<List<Integer>> drawn = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      drawn.add(
          numbers(DataLoader.loadTraining(shares(rows, 0.2, 0.2, seed), HADOOP).validation()));
    }
    assertThat(drawn.get(0)).isEqualTo(drawn.get(1)).isNotEqualTo(drawn.get(2));
  }

  @Test
  void aTestOfTheTrainingFileLeavesTheCountedValidation() {
    DataSettings settings = shares(rows(30, 30), 0, 0.5, 1);
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    assertThat(data.validation().size()).isEqualTo(7);
    assertThat(data.train().size()).isEqualTo(23);
    // The same file, but other examples of it.
    TestData test = DataLoader.loadTest(settings, data.form(), HADOOP);
    assertThat(test.digest()).isEqualTo(data.digest());
    assertThat(DataSummary.of(data, test).doubts()).noneMatch(doubt -> doubt.contains("byte for"));
  }

  @Test
  void refusesSharesOfNoExample() {
    refuses(shares(rows(3, 3), 0.01, 0.5, 1), "data.validation-share = 0.01: is less than one");
    refuses(shares(rows(3, 3), 0.2, 0.01, 1), "data.test-share = 0.01: is less than one");
    refuses(shares(rows(2, 2), 0, 0.5, 1), "data.validation = 7: must be below 2, the number of");
  }

  @Test
  void readsTheFilesOfAPatternSortedByPath() throws Exception {
    write(folder, "part-2.csv", "3,0\n4,1\n");
    write(folder, "part-10.csv", "1,0\n2,1\n");
    write(folder, "part-3.csv", "5,0\n6,1\n");
    write(folder, "other.csv", "9,9\n");
    TrainingData data = load(folder.resolve("part-*.csv").toString());
    assertThat(all(data)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(data.classes()).isEqualTo(2);
    assertThat(all(load(folder.resolve("part-{3,2}.csv").toString()))).containsExactly(3, 4, 5, 6);

    Path parts = Files.createDirectory(folder.resolve("parts"));
    write(parts, "b.csv", "3,0\n4,1\n");
    write(parts, "a.csv", "1,0\n2,1\n");
    write(parts, "_SUCCESS", "");
    write(parts, ".a.csv.crc", "x");
    TrainingData whole = load(parts.toString());
    assertThat(all(whole)).containsExactly(1, 2, 3, 4);
    assertThat(whole.digest()).isNotEqualTo(data.digest());

    write(folder, "a[1].csv", "7,0\n8,1\n9,0\n10,1\n");
    assertThat(all(load(folder.resolve("a[1].csv").toString()))).containsExactly(7, 8, 9, 10);
  }

  @Test
  void refusesPatternsOfNothingAndFilesThatDiffer() {
    refuses(csv(folder.resolve("none-*.csv").toString()), "no file is there that it names");
    write(folder, "x-1.csv", "3,0\n4,1\n");
    write(folder, "x-2.csv", "3,3,0\n4,4,1\n");
    refuses(csv(folder.resolve("x-*.csv").toString()), "1×1×1 and of 2×1×1 that differ");
  }

  private static void refuses(DataSettings settings, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () -> {
              TrainingData data = DataLoader.loadTraining(settings, HADOOP);
              DataLoader.loadTest(settings, data.form(), HADOOP);
            })
        .withMessageContaining(message);
  }

  private static List<Integer> all(TrainingData data) {
    List<Integer> all = new ArrayList<>(numbers(data.train()));
    int validation = numbers(data.validation()).get(0);
    int at = 0;
    while (at < all.size() && all.get(at) < validation) {
      at++;
    }
    all.add(at, validation);
    return all;
  }

  private static List<Integer> numbers(Examples examples) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      numbers.add((int) features(examples, i)[0]);
    }
    return numbers;
  }

  private static long count(Examples examples, int label) {
    long count = 0;
    for (int i = 0; i < examples.size(); i++) {
      count += examples.label(i) == label ? 1 : 0;
    }
    return count;
  }

  /** Examples with a number of their own, classes by turns. */
  private static String rows(int... counts) {
    StringBuilder text = new StringBuilder();
    int[] left = counts.clone();
    int next = 0;
    boolean more = true;
    while (more) {
      more = false;
      for (int label = 0; label < left.length; label++) {
        if (left[label]-- > 0) {
          text.append(next++).append(',').append(label).append('\n');
          more = true;
        }
      }
    }
    return text.toString();
  }

  private DataSettings shares(String rows, double validation, double test, long seed) {
    return new DataSettings(
        "csv",
        new DataSettings.Files(write(folder, "rows.csv", rows), null),
        null,
        null,
        PLAIN_CSV,
        null,
        7,
        seed,
        null,
        TableSettings.NONE,
        new Shares(validation, test),
        DataSettings.ClassWeights.NONE,
        Task.CLASSIFICATION);
  }

  private static DataSettings csv(String location) {
    return TestFiles.csvSettings(location, PLAIN_CSV);
  }

  private static TrainingData load(String location) {
    return DataLoader.loadTraining(csv(location), HADOOP);
  }
}
