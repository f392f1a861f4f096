package dev.pare.kernel;

import dev.pare.graph.SelfAttention;

/** {@link SelfAttention}. */
final class SelfAttentionKernel implements Kernel {
  private final int heads;
  private final int width;
  private final int places;
  private final Matrix queries;
  private final Matrix keys;
  private final Matrix values;
  private final Matrix outputs;
  private final float[] queryBiases;
  private final float[] outputBiases;

  SelfAttentionKernel(SelfAttention layer, Place place) {
    heads = layer.heads();
    width = layer.headWidth(place.input().channels());
    places = place.input().places();
    queries = place.matrix(0);
    keys = place.matrix(1);
    values = place.matrix(2);
    outputs = place.matrix(3);
    boolean isBiased = layer.biases() == SelfAttention.Biases.TRAINED;
    queryBiases = isBiased ? place.vector(4) : new float[queries.rows()];
    outputBiases = isBiased ? place.vector(5) : new float[outputs.rows()];
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[][] q = new float[places][];
    float[][] k = new float[places][keys.rows()];
    float[][] v = new float[places][values.rows()];
    float[] token = new float[queries.columns()];
    for (int place = 0; place < places; place++) {
      for (int c = 0; c < token.length; c++) {
        token[c] = inputs[0][c * places + place];
      }
      q[place] = queryBiases.clone();
      queries.multiply(token, q[place]);
      keys.multiply(token, k[place]);
      values.multiply(token, v[place]);
    }
    float[] shares = new float[places];
    for (int place = 0; place < places; place++) {
      float[] mixed = new float[heads * width];
      for (int from = 0; from < mixed.length; from += width) {
        shares(q[place], k, from, shares);
        for (int other = 0; other < places; other++) {
          for (int i = from; i < from + width; i++) {
            mixed[i] += shares[other] * v[other][i];
          }
        }
      }
      float[] sums = outputBiases.clone();
      outputs.multiply(mixed, sums);
      for (int c = 0; c < sums.length; c++) {
        output[c * places + place] = sums[c];
      }
    }
  }

  /** How much each place counts for one, by a head whose numbers begin at {@code from}. */
  private void shares(float[] query, float[][] k, int from, float[] shares) {
    double scale = 1 / Math.sqrt(width);
    float largest = Float.NEGATIVE_INFINITY;
    for (int other = 0; other < places; other++) {
      float score = 0;
      for (int i = from; i < from + width; i++) {
        score += query[i] * k[other][i];
      }
      shares[other] = (float) (score * scale);
      largest = Math.max(largest, shares[other]);
    }
    double sum = 0;
    for (int other = 0; other < places; other++) {
      shares[other] = (float) Math.exp(shares[other] - largest);
      sum += shares[other];
    }
    for (int other = 0; other < places; other++) {
      shares[other] /= (float) sum;
    }
  }
}
