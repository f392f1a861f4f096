package dev.pare.examine;

import dev.pare.data.ExampleShape;

/** What may be done to an image, {@code [channel][y][x]}, in place. */
final class ImageFilters {
  /** A Gaussian filter ends at so many standard deviations, as SciPy's does. */
  private static final double TRUNCATE = 4;

  private ImageFilters() {}

  /**
   * A rotation about the centre, then a move.
   *
   * @param angle in radians
   * @param down pixels
   * @param right pixels
   */
  record Motion(double angle, double down, double right) {}

  /** Smooths by a Gaussian filter; beyond its edges an image goes on as mirrored at them. */
  static void blur(float[] image, ExampleShape shape, double deviation) {
    int radius = (int) (TRUNCATE * deviation + 0.5);
    double[] kernel = new double[2 * radius + 1];
    double sum = 0;
    for (int k = -radius; k <= radius; k++) {
      kernel[k + radius] = StrictMath.exp(-0.5 * k * k / (deviation * deviation));
      sum += kernel[k + radius];
    }
    for (int k = 0; k < kernel.length; k++) {
      kernel[k] /= sum;
    }
    int width = shape.width();
    for (int row = 0; row < shape.channels() * shape.height(); row++) {
      smooth(image, row * width, 1, width, kernel);
    }
    int area = shape.height() * width;
    for (int c = 0; c < shape.channels(); c++) {
      for (int x = 0; x < width; x++) {
        smooth(image, c * area + x, width, shape.height(), kernel);
      }
    }
  }

  private static void smooth(float[] image, int from, int step, int length, double[] kernel) {
    int radius = kernel.length / 2;
    float[] line = new float[length];
    for (int i = 0; i < length; i++) {
      line[i] = image[from + i * step];
    }
    for (int i = 0; i < length; i++) {
      double sum = 0;
      for (int k = -radius; k <= radius; k++) {
        sum += kernel[k + radius] * line[mirrored(i + k, length)];
      }
      image[from + i * step] = (float) sum;
    }
  }

  /** {@code d c b a | a b c d | d c b a}. */
  private static int mirrored(int place, int length) {
    int within = Math.floorMod(place, 2 * length);
    return within < length ? within : 2 * length - 1 - within;
  }

  /** Moves an image, by linear interpolation between the four pixels next to where one was. */
  static void move(float[] image, ExampleShape shape, Motion motion, float background) {
    int height = shape.height();
    int width = shape.width();
    double sin = StrictMath.sin(motion.angle());
    double cos = StrictMath.cos(motion.angle());
    float[] from = new float[height * width];
    for (int c = 0; c < shape.channels(); c++) {
      System.arraycopy(image, c * from.length, from, 0, from.length);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double dy = y - (height - 1) / 2.0 - motion.down();
          double dx = x - (width - 1) / 2.0 - motion.right();
          double sourceY = cos * dy - sin * dx + (height - 1) / 2.0;
          double sourceX = sin * dy + cos * dx + (width - 1) / 2.0;
          image[c * from.length + y * width + x] =
              between(from, height, width, sourceY, sourceX, background);
        }
      }
    }
  }

  private static float between(
      float[] from, int height, int width, double y, double x, float background) {
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    double down = y - top;
    double right = x - left;
    double above =
        (1 - right) * at(from, height, width, top, left, background)
            + right * at(from, height, width, top, left + 1, background);
    double below =
        (1 - right) * at(from, height, width, top + 1, left, background)
            + right * at(from, height, width, top + 1, left + 1, background);
    return (float) ((1 - down) * above + down * below);
  }

  private static float at(float[] from, int height, int width, int y, int x, float background) {
    return y >= 0 && y < height && x >= 0 && x < width ? from[y * width + x] : background;
  }
}
