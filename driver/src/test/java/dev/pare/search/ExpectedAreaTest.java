package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.search.GaussianProcess.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpectedAreaTest {
  private static final double[] WORST = {10, 12};
  private static final double FLOOR = 0.5;
  private static final List<double[]> COSTS =
      List.of(
          new double[] {6, 2},
          new double[] {2, 9},
          new double[] {4, 5},
          new double[] {5, 7}, // dominated
          new double[] {11, 1}, // beyond the area
          new double[] {4, 5});

  /** The mean over draws of how much the area grows. */
  @Test
  void isTheMeanOfWhatDrawsAdd() {
    ExpectedArea area = new ExpectedArea(COSTS, WORST, FLOOR);
    double before = TwoCosts.hypervolume(COSTS, WORST);
    for (double[] at : new double[][] {{3, 1}, {5, 1.5}, {9, 0}, {1, 3}}) {
      Random random = new Random(7);
      int draws = 100_000;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < draws; i++) {
        List<double[]> more = new ArrayList<>(COSTS);
        more.add(
            new double[] {
              at[0] + 1.5 * random.nextGaussian(),
              FLOOR + Math.exp(at[1] + 0.6 * random.nextGaussian())
            });
        double gain = TwoCosts.hypervolume(more, WORST) - before;
        sum += gain;
        squares += gain * gain;
      }
      double mean = sum / draws;
      double error = Math.sqrt((squares / draws - mean * mean) / draws);

      assertThat(area.of(new Prediction(at[0], 2.25), new Prediction(at[1], 0.36)))
          .isCloseTo(mean, within(4 * error));
    }
  }

  @Test
  void ofWhatIsKnownForCertainItIsWhatItAdds() {
    ExpectedArea area = new ExpectedArea(COSTS, WORST, FLOOR);

    // Between (2, 9) and (4, 5): from 3 to 4 it is lower by 9 − 6.
    assertThat(area.of(new Prediction(3, 0), new Prediction(Math.log(6 - FLOOR), 0)))
        .isCloseTo(3, within(1e-9));
    assertThat(area.of(new Prediction(5, 0), new Prediction(Math.log(8 - FLOOR), 0)))
        .isCloseTo(0, within(1e-9));
  }
}
