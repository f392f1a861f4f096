package dev.pare.examine;

import dev.pare.data.ExampleShape;
import java.util.SplittableRandom;

/**
 * An attack that sees outputs alone (Andriushchenko et al. 2020, algorithms 1 and 2): random
 * squares of the image, or of a table random runs of features, go to an end of what is allowed, and
 * stay there where the margin becomes smaller.
 */
final class SquareAttack implements Attack {
  /** Share of the image that a square covers at first. */
  private static final double FIRST_SHARE = 0.8;

  /** Of 10,000 queries, those after which the share is halved. */
  private static final int[] HALVINGS = {10, 50, 200, 1000, 2000, 4000, 6000, 8000};

  private static final double SCHEDULED = 10_000;

  private final int queries;
  private final ExampleShape shape;
  private final long seed;

  SquareAttack(int queries, ExampleShape shape, long seed) {
    this.queries = queries;
    // What is not an image is one row of features.
    boolean image = shape.height() > 1 && shape.width() > 1;
    this.shape = image ? shape : new ExampleShape(1, 1, shape.size());
    this.seed = seed;
  }

  @Override
  public void run(Attacked examples, boolean[] broken) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int[] batch : examples.batches(broken)) {
      search(examples, batch, broken, random);
    }
  }

  private void search(Attacked examples, int[] batch, boolean[] broken, SplittableRandom random) {
    int features = examples.features();
    float[] best = new float[batch.length * features];
    float[] margins = new float[batch.length];
    float[] tried = new float[batch.length];
    for (int b = 0; b < batch.length; b++) {
      stripes(examples, batch[b], best, b * features, random);
    }
    examples.tryAll(batch, best, broken, margins);
    float[] values = best.clone();
    for (int query = 1; query < queries; query++) {
      int side = side(query);
      for (int b = 0; b < batch.length; b++) {
        System.arraycopy(best, b * features, values, b * features, features);
        square(examples, batch[b], values, b * features, side, random);
      }
      examples.tryAll(batch, values, broken, tried);
      for (int b = 0; b < batch.length; b++) {
        if (tried[b] < margins[b]) {
          margins[b] = tried[b];
          System.arraycopy(values, b * features, best, b * features, features);
        }
      }
    }
  }

  /** Each column of each channel at an end. */
  private void stripes(
      Attacked examples, int example, float[] values, int from, SplittableRandom random) {
    for (int c = 0; c < shape.channels(); c++) {
      for (int x = 0; x < shape.width(); x++) {
        boolean up = random.nextBoolean();
        for (int y = 0; y < shape.height(); y++) {
          int f = (c * shape.height() + y) * shape.width() + x;
          values[from + f] = up ? examples.most(example, f) : examples.least(example, f);
        }
      }
    }
  }

  private void square(
      Attacked examples, int example, float[] values, int from, int side, SplittableRandom random) {
    int height = Math.min(side, shape.height());
    int width = Math.min(side, shape.width());
    int top = random.nextInt(shape.height() - height + 1);
    int left = random.nextInt(shape.width() - width + 1);
    for (int c = 0; c < shape.channels(); c++) {
      boolean up = random.nextBoolean();
      for (int y = top; y < top + height; y++) {
        for (int x = left; x < left + width; x++) {
          int f = (c * shape.height() + y) * shape.width() + x;
          values[from + f] = up ? examples.most(example, f) : examples.least(example, f);
        }
      }
    }
  }

  private int side(int query) {
    double share = FIRST_SHARE;
    for (int halving : HALVINGS) {
      share = query > halving * queries / SCHEDULED ? share / 2 : share;
    }
    double places = share * shape.height() * shape.width();
    double side = shape.height() == 1 ? places : Math.sqrt(places);
    return Math.max(1, (int) Math.rint(side));
  }
}
