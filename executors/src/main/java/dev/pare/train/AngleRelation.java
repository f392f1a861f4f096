package dev.pare.train;

import java.util.Arrays;

/**
 * Cosines of the angles of triples of examples, compared by Huber's loss: its mean over triples
 * (Park et al. 2019, RKD-A). Time grows with the cube of the batch, and so triples are those within
 * each {@link #GROUP} examples that follow each other.
 */
final class AngleRelation implements Relation {
  /** Examples among which there are angles. */
  static final int GROUP = 64;

  private final double[] norms = new double[GROUP];
  private double[] directions = {};
  private double[] expected = {};
  private double[] pulls = {};

  @Override
  public double add(
      float[] outputs, float[] teacher, int batch, int width, double scale, float[] gradient) {
    if (directions.length == 0) {
      directions = new double[GROUP * width];
      expected = new double[GROUP * width];
      pulls = new double[GROUP * width];
    }
    double triples = 0;
    for (int from = 0; from < batch; from += GROUP) {
      double count = Math.min(GROUP, batch - from);
      triples += count * (count - 1) * (count - 2) / 2;
    }
    double loss = 0;
    for (int from = 0; from < batch && triples > 0; from += GROUP) {
      int to = Math.min(batch, from + GROUP);
      for (int corner = from; corner < to; corner++) {
        direct(teacher, width, from, to, corner, expected);
        direct(outputs, width, from, to, corner, directions);
        loss += compare(to - from, width, corner - from, scale / triples);
        pull(width, from, to, corner, gradient);
      }
    }
    return triples == 0 ? 0 : loss / triples;
  }

  /** Unit vectors from a corner to all others; zero to itself and what lies where it does. */
  private void direct(
      float[] outputs, int width, int from, int to, int corner, double[] directions) {
    for (int i = from; i < to; i++) {
      double norm = Relation.distance(outputs, width, i, corner);
      norms[i - from] = norm;
      for (int c = 0; c < width; c++) {
        double off = outputs[i * width + c] - outputs[corner * width + c];
        directions[(i - from) * width + c] = norm == 0 ? 0 : off / norm;
      }
    }
  }

  /** The losses of a corner's triples; their gradients with respect to unit vectors. */
  private double compare(int count, int width, int corner, double scale) {
    Arrays.fill(pulls, 0, count * width, 0);
    double loss = 0;
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < i; k++) {
        if (i != corner && k != corner) {
          double error = product(directions, i, k, width) - product(expected, i, k, width);
          loss += Relation.huber(error);
          double slope = scale * Relation.huberSlope(error);
          for (int c = 0; c < width; c++) {
            pulls[i * width + c] += slope * directions[k * width + c];
            pulls[k * width + c] += slope * directions[i * width + c];
          }
        }
      }
    }
    return loss;
  }

  private static double product(double[] vectors, int one, int other, int width) {
    double sum = 0;
    for (int c = 0; c < width; c++) {
      sum += vectors[one * width + c] * vectors[other * width + c];
    }
    return sum;
  }

  /** From unit vectors on to outputs. */
  private void pull(int width, int from, int to, int corner, float[] gradient) {
    for (int i = from; i < to; i++) {
      int at = (i - from) * width;
      if (norms[i - from] > 0) {
        double along = 0;
        for (int c = 0; c < width; c++) {
          along += directions[at + c] * pulls[at + c];
        }
        for (int c = 0; c < width; c++) {
          double off = (pulls[at + c] - directions[at + c] * along) / norms[i - from];
          gradient[i * width + c] += (float) off;
          gradient[corner * width + c] -= (float) off;
        }
      }
    }
  }
}
