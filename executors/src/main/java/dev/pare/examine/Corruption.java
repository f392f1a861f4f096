package dev.pare.examine;

import dev.pare.data.ExampleShape;
import dev.pare.train.InputSpace;
import java.util.SplittableRandom;

/**
 * A way in which inputs become worse, at five severities, in the manner of ImageNet-C (Hendrycks
 * and Dietterich 2019), whose strengths noise and contrast have; blur has those of CIFAR-C, by the
 * image's side.
 */
enum Corruption {
  /** Gaussian noise, of so many units' standard deviation. */
  NOISE("noise", 0.08, 0.12, 0.18, 0.26, 0.38) {
    @Override
    void apply(float[] x, double strength, InputSpace space, SplittableRandom random) {
      for (int f = 0; f < x.length; f++) {
        double moved = x[f] + strength * space.unit(f) * random.nextGaussian();
        x[f] = space.isImage() ? clipped(moved, f, space) : (float) moved;
      }
    }
  },
  /** A Gaussian filter; its standard deviation as a share of 32 pixels of the image's side. */
  BLUR("blur", 0.4, 0.6, 0.7, 0.8, 1) {
    @Override
    void apply(float[] x, double strength, InputSpace space, SplittableRandom random) {
      ImageFilters.blur(x, space.shape(), strength * side(space) / 32);
    }
  },
  /** A move into a random direction, by a share of the image's side. */
  SHIFT("shift", 0.04, 0.08, 0.12, 0.16, 0.2) {
    @Override
    void apply(float[] x, double strength, InputSpace space, SplittableRandom random) {
      double angle = 2 * Math.PI * random.nextDouble();
      double length = strength * side(space);
      ImageFilters.move(
          x,
          space.shape(),
          new ImageFilters.Motion(
              0, length * StrictMath.sin(angle), length * StrictMath.cos(angle)),
          space.low(0));
    }
  },
  /** Differences from the image's own mean, times so much. */
  CONTRAST("contrast", 0.4, 0.3, 0.2, 0.1, 0.05) {
    @Override
    void apply(float[] x, double strength, InputSpace space, SplittableRandom random) {
      double sum = 0;
      for (float value : x) {
        sum += value;
      }
      double mean = sum / x.length;
      for (int f = 0; f < x.length; f++) {
        x[f] = (float) (mean + strength * (x[f] - mean));
      }
    }
  },
  /** Degrees about the centre, either way. */
  ROTATION("rotation", 10, 20, 30, 40, 50) {
    @Override
    void apply(float[] x, double strength, InputSpace space, SplittableRandom random) {
      double degrees = random.nextBoolean() ? strength : -strength;
      ImageFilters.move(
          x,
          space.shape(),
          new ImageFilters.Motion(StrictMath.toRadians(degrees), 0, 0),
          space.low(0));
    }
  },
  /** So many levels between the least and the largest value. */
  LEVELS("levels", 16, 8, 4, 3, 2) {
    @Override
    void apply(float[] x, double strength, InputSpace space, SplittableRandom random) {
      double steps = strength - 1;
      for (int f = 0; f < x.length; f++) {
        double range = space.unit(f);
        double share = range == 0 ? 0 : (x[f] - space.low(f)) / range;
        x[f] = (float) (space.low(f) + range * Math.rint(share * steps) / steps);
      }
    }
  },
  /** A share of the features, each drawn anew for each example, set to their mean. */
  MISSING("missing", 0.05, 0.1, 0.2, 0.3, 0.5) {
    @Override
    void apply(float[] x, double strength, InputSpace space, SplittableRandom random) {
      for (int f = 0; f < x.length; f++) {
        x[f] = random.nextDouble() < strength ? space.mean(f) : x[f];
      }
    }
  };

  private final String title;
  private final double[] strengths;

  Corruption(String title, double... strengths) {
    this.title = title;
    this.strengths = strengths;
  }

  String title() {
    return title;
  }

  /** From the mildest on. */
  double[] strengths() {
    return strengths.clone();
  }

  /** Whether it means something for the inputs. */
  boolean suits(InputSpace space) {
    return switch (this) {
      case NOISE -> true;
      case MISSING -> !space.isImage();
      case BLUR, SHIFT, CONTRAST, ROTATION, LEVELS -> space.isImage();
    };
  }

  /**
   * Changes one example.
   *
   * @param x its features, overwritten
   */
  abstract void apply(float[] x, double strength, InputSpace space, SplittableRandom random);

  private static double side(InputSpace space) {
    ExampleShape shape = space.shape();
    return Math.min(shape.height(), shape.width());
  }

  private static float clipped(double value, int feature, InputSpace space) {
    return (float) Math.max(space.low(feature), Math.min(space.high(feature), value));
  }
}
