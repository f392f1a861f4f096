package dev.pare.train;

/**
 * Inner products of pairs of examples, those of each example over their norm, compared by the mean
 * square over pairs (Tung and Mori 2019). Time and memory grow with the square of the batch.
 */
final class SimilarityRelation implements Relation {
  private double[] products = {};
  private double[] expected = {};
  private double[] norms = {};

  @Override
  public double add(
      float[] outputs, float[] teacher, int batch, int width, double scale, float[] gradient) {
    if (norms.length < batch) {
      products = new double[batch * batch];
      expected = new double[batch * batch];
      norms = new double[batch];
    }
    multiply(teacher, batch, width, expected);
    multiply(outputs, batch, width, products);
    double pairs = (double) batch * batch;
    double loss = 0;
    for (int i = 0; i < batch; i++) {
      double along = 0;
      for (int j = i * batch; j < (i + 1) * batch; j++) {
        double off = products[j] - expected[j];
        loss += off * off;
        expected[j] = 2 * scale / pairs * off;
        along += products[j] * expected[j];
      }
      for (int j = i * batch; j < (i + 1) * batch; j++) {
        expected[j] = norms[i] == 0 ? 0 : (expected[j] - products[j] * along) / norms[i];
      }
    }
    for (int i = 0; i < batch; i++) {
      for (int j = 0; j < batch; j++) {
        double slope = expected[i * batch + j] + expected[j * batch + i];
        for (int c = 0; c < width; c++) {
          gradient[i * width + c] += (float) (slope * outputs[j * width + c]);
        }
      }
    }
    return loss / pairs;
  }

  private void multiply(float[] outputs, int batch, int width, double[] products) {
    for (int i = 0; i < batch; i++) {
      double squares = 0;
      for (int j = 0; j < batch; j++) {
        double sum = 0;
        for (int c = 0; c < width; c++) {
          sum += (double) outputs[i * width + c] * outputs[j * width + c];
        }
        products[i * batch + j] = sum;
        squares += sum * sum;
      }
      norms[i] = Math.sqrt(squares);
      for (int j = i * batch; norms[i] > 0 && j < (i + 1) * batch; j++) {
        products[j] /= norms[i];
      }
    }
  }
}
