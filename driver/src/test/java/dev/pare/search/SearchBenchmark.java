package dev.pare.search;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The strategies' rows of the table in docs/search.md, or {@code -Drows} of them. */
class SearchBenchmark {
  private static final String ROWS =
      "random 4,halton 4,nsga-ii 20,motpe 20,motpe 4,gaussian-process 20,gaussian-process 4";

  private static final int SEEDS = 11;

  /** Others than those by which motpe's constants were chosen. */
  private static final int FIRST_SEED = 100;

  private static final int[] BUDGETS = {100, 200};

  @Test
  void hypervolumeOfStandardFunctions() {
    for (String row : System.getProperty("rows", ROWS).split(",")) {
      String strategy = row.split(" ")[0];
      int population = Integer.parseInt(row.split(" ")[1]);
      StringBuilder line = new StringBuilder("| %s ".formatted(row));
      for (TestFunctions function : TestFunctions.values()) {
        double[][] volumes = new double[BUDGETS.length][SEEDS];
        for (int seed = 0; seed < SEEDS; seed++) {
          double[] own = function.hypervolumes(strategy, population, FIRST_SEED + seed, BUDGETS);
          for (int i = 0; i < BUDGETS.length; i++) {
            volumes[i][seed] = own[i];
          }
        }
        for (double[] volume : volumes) {
          Arrays.sort(volume);
          line.append(String.format(Locale.ROOT, "| %.3f ", volume[SEEDS / 2]));
        }
      }
      System.out.println(line + "|");
    }
  }
}
