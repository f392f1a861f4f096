package dev.pare.examine;

import dev.pare.data.ExampleShape;
import dev.pare.train.InputGradients;
import dev.pare.train.InputSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ways to say how much each feature of an example speaks for its class, by the class's logit. */
enum Attribution {
  /** The gradient (Simonyan et al. 2014). */
  GRADIENT("gradient") {
    @Override
    float[] of(Explained explained, float[] x, int label) {
      return explained.gradients(x, 1, label);
    }
  },
  /**
   * Gradients on the way from a baseline, times the way (Sundararajan et al. 2017), at the middles
   * of equal steps.
   */
  INTEGRATED("integrated gradients") {
    @Override
    float[] of(Explained explained, float[] x, int label) {
      float[] way = new float[STEPS * x.length];
      for (int i = 0; i < way.length; i++) {
        int step = i / x.length;
        int f = i % x.length;
        float base = explained.baseline(f);
        way[i] = (float) (base + (step + 0.5) / STEPS * (x[f] - base));
      }
      float[] gradients = explained.gradients(way, STEPS, label);
      double[] sums = new double[x.length];
      for (int i = 0; i < way.length; i++) {
        sums[i % x.length] += gradients[i] / STEPS;
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
      // All channels of an image's square are one thing, a table's are features.
      int together = image ? shape.channels() : 1;
      List<int[]> squares = new ArrayList<>();
      for (int top = 0; top < shape.height(); top += side) {
        for (int left = 0; left < shape.width(); left += side) {
          for (int first = 0; first < shape.channels(); first += together) {
            squares.add(square(shape, first, together, top, left, side));
          }
        }
      }
      float[] lost = explained.lost(x, squares, label);
      float[] all = new float[x.length];
      for (int i = 0; i < lost.length; i++) {
        for (int f : squares.get(i)) {
          all[f] = lost[i];
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

    Explained(InputGradients network, int classes, InputSpace space) {
      this.network = network;
      this.classes = classes;
      this.space = space;
    }

    InputSpace space() {
      return space;
    }

    /** The uninformative input: the least value of images, which is black, and a table's means. */
    float baseline(int feature) {
      return space.isImage() ? space.low(feature) : space.mean(feature);
    }

    /**
     * The gradients of a class's logit.
     *
     * @param rows {@code [row × features]}
     * @return the same shape
     */
    float[] gradients(float[] rows, int count, int label) {
      int features = rows.length / count;
      float[] all = new float[rows.length];
      for (int from = 0; from < count; from += network.largestBatch()) {
        int size = Math.min(network.largestBatch(), count - from);
        float[] some = Arrays.copyOfRange(rows, from * features, (from + size) * features);
        float[] gradient = new float[some.length];
        network.of(
            some,
            size,
            (outputs, batch, target) -> {
              Arrays.fill(target, 0, batch * classes, 0);
              for (int b = 0; b < batch; b++) {
                target[b * classes + label] = 1;
              }
              return 0;
            },
            gradient);
        System.arraycopy(gradient, 0, all, from * features, gradient.length);
      }
      return all;
    }

    /** What a class's logit loses when the features of each set are the baseline's. */
    float[] lost(float[] x, List<int[]> hidden, int label) {
      double whole = logits(x, 1, label)[0];
      float[] lost = new float[hidden.size()];
      for (int from = 0; from < lost.length; from += network.largestBatch()) {
        int size = Math.min(network.largestBatch(), lost.length - from);
        float[] rows = new float[size * x.length];
        for (int b = 0; b < size; b++) {
          System.arraycopy(x, 0, rows, b * x.length, x.length);
          for (int f : hidden.get(from + b)) {
            rows[b * x.length + f] = baseline(f);
          }
        }
        float[] left = logits(rows, size, label);
        for (int b = 0; b < size; b++) {
          lost[from + b] = (float) (whole - left[b]);
        }
      }
      return lost;
    }

    /** A class's logits. */
    float[] logits(float[] rows, int count, int label) {
      float[] all = new float[count * classes];
      network.forward(rows, count, all);
      float[] own = new float[count];
      for (int b = 0; b < count; b++) {
        own[b] = all[b * classes + label];
      }
      return own;
    }
  }
}
