package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Numbers that are evenly spaced on a scale, a short way to write a list of them. Both ends are
 * among them, as they are. Each other one has as few digits as leave it within a twentieth of a
 * step of its place, so that spellings are short and no two are one; of whole numbers it is the
 * nearest to its place, and once there if it is the nearest to several.
 *
 * @param from at least what the scale reaches down to
 * @param to above {@code from}, at most what the scale reaches up to
 * @param levels at least 2
 */
record Range(double from, double to, Scale scale, int levels) {
  /** How far from its place a number may be, in steps. */
  private static final double TOLERANCE = 0.05;

  /** Digits that tell all doubles apart. */
  private static final int MOST_DIGITS = 17;

  /** What numbers are evenly spaced on. */
  enum Scale {
    LINEAR {
      @Override
      double place(double number) {
        return number;
      }

      @Override
      double number(double place) {
        return place;
      }
    },
    /** Of numbers above 0. */
    LOG {
      @Override
      double place(double number) {
        return StrictMath.log(number);
      }

      @Override
      double number(double place) {
        return StrictMath.exp(place);
      }
    },
    /** Of numbers above 0 and below 1: the logarithm of x/(1−x), steps become fine at both ends. */
    LOGIT {
      @Override
      double place(double number) {
        return StrictMath.log(number) - StrictMath.log1p(-number);
      }

      @Override
      double number(double place) {
        return 1 / (1 + StrictMath.exp(-place));
      }
    };

    abstract double place(double number);

    abstract double number(double place);
  }

  Range {
    requireNonNull(scale, "scale is null");
    if (!(from < to)
        || !Double.isFinite(scale.place(from))
        || !Double.isFinite(scale.place(to))
        || levels < 2) {
      throw new IllegalArgumentException(levels + " from " + from + " to " + to + ", " + scale);
    }
  }

  /** The numbers, rising. */
  List<BigDecimal> reals() {
    List<BigDecimal> numbers = new ArrayList<>();
    numbers.add(BigDecimal.valueOf(from));
    for (int i = 1; i < levels - 1; i++) {
      numbers.add(shortest(place(i)));
    }
    numbers.add(BigDecimal.valueOf(to));
    return numbers;
  }

  /** The same as whole numbers, each once. */
  List<BigDecimal> integers() {
    Set<BigDecimal> numbers = new LinkedHashSet<>();
    for (int i = 0; i < levels; i++) {
      double number = i == levels - 1 ? to : scale.number(place(i));
      numbers.add(new BigDecimal(number).setScale(0, RoundingMode.HALF_EVEN));
    }
    return List.copyOf(numbers);
  }

  private double step() {
    return (scale.place(to) - scale.place(from)) / (levels - 1);
  }

  private double place(int level) {
    return scale.place(from) + level * step();
  }

  private BigDecimal shortest(double place) {
    BigDecimal exact = new BigDecimal(scale.number(place));
    for (int digits = 1; digits < MOST_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (Math.abs(scale.place(rounded.doubleValue()) - place) <= TOLERANCE * step()) {
        return rounded;
      }
    }
    return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
  }
}
