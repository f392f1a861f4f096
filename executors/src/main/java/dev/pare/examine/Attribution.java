package dev.pare.examine;

import dev.pare.data.ExampleShape;
import dev.pare.train.InputGradients;
import java.util.Arrays;

/** Ways to say how much each feature of an example speaks for its class, by the class's logit. */
enum Attribution {
  /** The gradient (Simonyan et al. 2014). */
  GRADIENT("gradient") {
    @Override
    float[] of(Explained explained, float[] x, int label) {
      return explained.gradient(x, label);
    }
  },
  /**
   * Gradients on the way from a baseline, times the way (Sundararajan et al. 2017), at the middles
   * of equal steps.
   */
  INTEGRATED("integrated gradients") {
    @Override
    float[] of(Explained explained, float[] x, int label) {
      double[] sums = new double[x.length];
      float[] at = new float[x.length];
      for (int step = 0; step < STEPS; step++) {
        double share = (step + 0.5) / STEPS;
        for (int f = 0; f < x.length; f++) {
          float base = explained.baseline(f);
          at[f] = (float) (base + share * (x[f] - base));
        }
        float[] gradient = explained.gradient(at, label);
        for (int f = 0; f < x.length; f++) {
          sums[f] += gradient[f] / STEPS;
        }
      }
      float[] all = new float[x.length];
      for (int f = 0; f < x.length; f++) {
        all[f] = (float) (sums[f] * (x[f] - explained.baseline(f)));
      }
      return all;
    }
  },
  /**
   * What is lost when features are the baseline's: of images squares of a seventh of the side, side
   * by side (Zeiler and Fergus 2014), of tables each feature.
   */
  OCCLUSION("occlusion") {
    @Override
    float[] of(Explained explained, float[] x, int label) {
      ExampleShape shape = explained.space().shape();
      boolean image = explained.space().isImage();
      int side = image ? Math.max(1, Math.min(shape.height(), shape.width()) / 7) : 1;
      float[] all = new float[x.length];
      double whole = explained.logit(x, label);
      for (int top = 0; top < shape.height(); top += side) {
        for (int left = 0; left < shape.width(); left += side) {
          // All channels of an image's square are one thing, a table's are features.
          int together = image ? shape.channels() : 1;
          for (int first = 0; first < shape.channels(); first += together) {
            int[] hidden = square(shape, first, together, top, left, side);
            float[] rest = x.clone();
            Arrays.stream(hidden).forEach(f -> rest[f] = explained.baseline(f));
            float lost = (float) (whole - explained.logit(rest, label));
            Arrays.stream(hidden).forEach(f -> all[f] = lost);
          }
        }
      }
      return all;
    }
  };

  /** Steps of integrated gradients. */
  private static final int STEPS = 32;

  private final String title;

  Attribution(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** A number for each feature. */
  abstract float[] of(Explained explained, float[] x, int label);

  private static int[] square(
      ExampleShape shape, int first, int channels, int top, int left, int side) {
    int bottom = Math.min(top + side, shape.height());
    int right = Math.min(left + side, shape.width());
    int[] places = new int[channels * (bottom - top) * (right - left)];
    int count = 0;
    for (int c = first; c < first + channels; c++) {
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          places[count++] = (c * shape.height() + y) * shape.width() + x;
        }
      }
    }
    return places;
  }

  /** A network that is to be explained. */
  static final class Explained {
    private final InputGradients network;
    private final InputSpace space;
    private final int classes;
    private final float[] logits;

    Explained(InputGradients network, int classes, InputSpace space) {
      this.network = network;
      this.classes = classes;
      this.space = space;
      this.logits = new float[classes];
    }

    InputSpace space() {
      return space;
    }

    /** What says nothing: the least value of images, which is black, and a table's means. */
    float baseline(int feature) {
      return space.isImage() ? space.low(feature) : space.mean(feature);
    }

    float[] gradient(float[] x, int label) {
      float[] gradient = new float[x.length];
      network.of(
          x,
          1,
          (all, batch, target) -> {
            Arrays.fill(target, 0, classes, 0);
            target[label] = 1;
            return all[label];
          },
          gradient);
      return gradient;
    }

    double logit(float[] x, int label) {
      network.forward(x, 1, logits);
      return logits[label];
    }
  }
}
