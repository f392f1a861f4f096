package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.search.GaussianProcess.Parameters;
import dev.pare.search.GaussianProcess.Prediction;
import java.util.List;
import org.junit.jupiter.api.Test;

class GaussianProcessTest {
  private static final List<SearchAxis> AXES =
      List.of(
          new SearchAxis("x", List.of("1", "2", "3", "4", "5")),
          new SearchAxis("kind", List.of("a", "b")));
  private static final List<int[]> POINTS =
      List.of(
          new int[] {0, 0}, new int[] {1, 1}, new int[] {2, 0}, new int[] {4, 1}, new int[] {3, 0});
  private static final double[] VALUES = {1, 2.5, 0.5, 3, -1};
  private static final Parameters PARAMETERS =
      new Parameters(new double[] {StrictMath.log(0.5), StrictMath.log(2)}, StrictMath.log(0.01));

  /** What scikit-learn 1.2.1 gives for the same covariance, about the mean by least squares. */
  @Test
  void isThatOfScikitLearn() {
    GaussianProcess process = new GaussianProcess(AXES, POINTS, VALUES, PARAMETERS);

    expect(process.predict(AXES, new int[] {2, 1}), 2.0479011834219256, 1.1080363247731544);
    expect(process.predict(AXES, new int[] {1, 0}), 1.3667937497313605, 0.6169066492214269);
    expect(process.predict(AXES, new int[] {4, 1}), 2.928257098312526, 0.07921631641182712);
    assertThat(process.likelihood()).isCloseTo(-3.5844229238825207, within(1e-9));
  }

  private static void expect(Prediction prediction, double mean, double variance) {
    assertThat(prediction.mean()).isCloseTo(mean, within(1e-9));
    assertThat(prediction.variance()).isCloseTo(variance, within(1e-9));
  }

  @Test
  void fittedLengthsTellAxesThatMatterFromThoseThatDoNot() {
    List<SearchAxis> axes =
        List.of(
            new SearchAxis("x", List.of("1", "2", "3", "4", "5", "6", "7", "8")),
            new SearchAxis("y", List.of("1", "2", "3", "4", "5", "6", "7", "8")));
    List<int[]> points =
        java.util.stream.IntStream.range(0, 32)
            .mapToObj(i -> new int[] {i * 5 % 8, (i * 3 + i / 8) % 8})
            .toList();
    double[] values = points.stream().mapToDouble(p -> Math.sin(p[0])).toArray();
    ProcessFit fit = new ProcessFit(axes);
    double before = fit.process(points, values).likelihood();

    fit.fit(points, values);

    GaussianProcess process = fit.process(points, values);
    assertThat(process.likelihood()).isGreaterThan(before + 10);
    for (int y = 0; y < 8; y++) {
      assertThat(process.predict(axes, new int[] {3, y}).mean())
          .isCloseTo(Math.sin(3), within(0.05));
    }
  }
}
