package dev.pare.train;

/**
 * Distances of pairs of examples over their mean, compared by Huber's loss: its mean over pairs
 * (Park et al. 2019, RKD-D). Time and memory grow with the square of the batch.
 */
final class DistanceRelation implements Relation {
  private double[] distances = {};
  private double[] expected = {};

  @Override
  public double add(
      float[] outputs, float[] teacher, int batch, int width, double scale, float[] gradient) {
    int pairs = batch * (batch - 1) / 2;
    if (pairs == 0) {
      return 0;
    }
    if (distances.length < pairs) {
      distances = new double[pairs];
      expected = new double[pairs];
    }
    double mean = measure(outputs, batch, width, distances) / pairs;
    double expectedMean = measure(teacher, batch, width, expected) / pairs;
    double loss = 0;
    double drift = 0;
    for (int p = 0; p < pairs; p++) {
      double error = share(distances[p], mean) - share(expected[p], expectedMean);
      loss += Relation.huber(error);
      expected[p] = Relation.huberSlope(error) / pairs;
      drift += expected[p] * distances[p];
    }
    if (mean > 0) {
      // Each distance is part of the mean, too.
      double ofMean = drift / (mean * pairs);
      for (int i = 0, p = 0; i < batch; i++) {
        for (int j = 0; j < i; j++, p++) {
          pull(
              outputs, width, i, j, scale * (expected[p] - ofMean) / mean / distances[p], gradient);
        }
      }
    }
    return loss / pairs;
  }

  private static double share(double distance, double mean) {
    return mean == 0 ? 0 : distance / mean;
  }

  /** Returns the sum of all. */
  private static double measure(float[] outputs, int batch, int width, double[] distances) {
    double sum = 0;
    for (int i = 0, p = 0; i < batch; i++) {
      for (int j = 0; j < i; j++, p++) {
        distances[p] = Relation.distance(outputs, width, i, j);
        sum += distances[p];
      }
    }
    return sum;
  }

  private static void pull(
      float[] outputs, int width, int one, int other, double factor, float[] gradient) {
    // Where a distance is zero it has no direction.
    if (Double.isFinite(factor)) {
      for (int c = 0; c < width; c++) {
        double off = factor * (outputs[one * width + c] - outputs[other * width + c]);
        gradient[one * width + c] += (float) off;
        gradient[other * width + c] -= (float) off;
      }
    }
  }
}
