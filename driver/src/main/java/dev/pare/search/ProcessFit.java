package dev.pare.search;

import dev.pare.search.GaussianProcess.Parameters;
import java.util.Arrays;
import java.util.List;

/**
 * The parameters of a {@link GaussianProcess} that are the most likely ones by known values and by
 * a prior: maximum a posteriori, by coordinate search with shrinking steps.
 */
final class ProcessFit {
  /** Of the logarithm of a length: half an axis, times the root of their number (Hvarfner 2024). */
  private static final double USUAL_LENGTH = StrictMath.log(0.5);

  private static final double LENGTH_DEVIATION = 1;
  private static final double USUAL_NOISE = StrictMath.log(1e-3);
  private static final double NOISE_DEVIATION = 2;

  private static final double FIRST_STEP = 1;
  private static final double LAST_STEP = 0.2;

  private final List<SearchAxis> axes;

  /** The axes' logarithms of lengths, and that of the noise. */
  private double[] place;

  ProcessFit(List<SearchAxis> axes) {
    this.axes = axes;
    place = new double[axes.size() + 1];
    Arrays.fill(place, usualLength());
    place[axes.size()] = USUAL_NOISE;
  }

  private double usualLength() {
    return USUAL_LENGTH + StrictMath.log(axes.size()) / 2;
  }

  /** Fits anew, warm-started with the parameters of the last fit. */
  void fit(List<int[]> points, double[] values) {
    double best = posterior(points, values, place);
    for (double step = FIRST_STEP; step >= LAST_STEP; ) {
      boolean better = false;
      for (int i = 0; i < place.length; i++) {
        for (double by : new double[] {step, -step}) {
          double[] moved = place.clone();
          moved[i] += by;
          double own = posterior(points, values, moved);
          if (own > best) {
            best = own;
            place = moved;
            better = true;
            break;
          }
        }
      }
      step = better ? step : step / 2;
    }
  }

  private double posterior(List<int[]> points, double[] values, double[] at) {
    double prior = 0;
    for (int i = 0; i < axes.size(); i++) {
      double off = (at[i] - usualLength()) / LENGTH_DEVIATION;
      prior -= off * off / 2;
    }
    double off = (at[axes.size()] - USUAL_NOISE) / NOISE_DEVIATION;
    prior -= off * off / 2;
    return process(points, values, at).likelihood() + prior;
  }

  private GaussianProcess process(List<int[]> points, double[] values, double[] at) {
    return new GaussianProcess(
        axes, points, values, new Parameters(Arrays.copyOf(at, axes.size()), at[axes.size()]));
  }

  /** The process of known values with the parameters as they are. */
  GaussianProcess process(List<int[]> points, double[] values) {
    return process(points, values, place);
  }
}
