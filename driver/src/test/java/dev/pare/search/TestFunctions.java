package dev.pare.search;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Functions with known fronts, of five variables from 0 to 1 that take 64 values each: ZDT1 to ZDT3
 * (Zitzler, Deb and Thiele 2000) and DTLZ2 of two objectives (Deb, Thiele, Laumanns and Zitzler
 * 2002). Both values are to be small.
 */
enum TestFunctions {
  ZDT1(1.1, 4) {
    @Override
    double[] costs(double[] x) {
      double g = growth(x);
      return new double[] {x[0], g - Math.sqrt(x[0] * g)};
    }
  },
  ZDT2(1.1, 4) {
    @Override
    double[] costs(double[] x) {
      double g = growth(x);
      return new double[] {x[0], g - x[0] * x[0] / g};
    }
  },
  /** One more than the paper's in the second value, so that none is negative. */
  ZDT3(1.1, 5) {
    @Override
    double[] costs(double[] x) {
      double g = growth(x);
      return new double[] {
        x[0], 1 + g - Math.sqrt(x[0] * g) - x[0] * Math.sin(10 * Math.PI * x[0])
      };
    }
  },
  DTLZ2(1.1, 1.1) {
    @Override
    double[] costs(double[] x) {
      double g = 1;
      for (int i = 1; i < x.length; i++) {
        g += (x[i] - 0.5) * (x[i] - 0.5);
      }
      double angle = x[0] * Math.PI / 2;
      return new double[] {g * Math.cos(angle), g * Math.sin(angle)};
    }
  };

  private static final int VARIABLES = 5;
  private static final int LEVELS = 64;

  static final SearchSpace SPACE =
      new SearchSpace(
          IntStream.range(0, VARIABLES)
              .mapToObj(
                  i ->
                      new SearchAxis(
                          "x" + i, IntStream.range(0, LEVELS).mapToObj(String::valueOf).toList()))
              .toList());

  private final double[] worst;

  TestFunctions(double... worst) {
    this.worst = worst;
  }

  abstract double[] costs(double[] x);

  private static double growth(double[] x) {
    double sum = 0;
    for (int i = 1; i < x.length; i++) {
      sum += x[i];
    }
    return 1 + 9 * sum / (x.length - 1);
  }

  private double[] costs(SearchPoint point) {
    return costs(
        IntStream.range(0, VARIABLES)
            .mapToDouble(i -> Double.parseDouble(point.values().get("x" + i)) / (LEVELS - 1))
            .toArray());
  }

  /** What the first points of a search dominate, for each of some numbers of points. */
  double[] hypervolumes(String strategy, int population, long seed, int... budgets) {
    int most = IntStream.of(budgets).max().orElseThrow();
    List<double[]> costs = TwoCosts.search(strategy, SPACE, most, population, seed, this::costs);
    return IntStream.of(budgets)
        .mapToDouble(budget -> TwoCosts.hypervolume(costs.subList(0, budget), worst))
        .toArray();
  }
}
