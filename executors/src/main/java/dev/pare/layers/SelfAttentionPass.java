package dev.pare.layers;

import dev.pare.graph.SelfAttention;
import java.util.Arrays;

/** Multi-head self-attention (Vaswani et al. 2017): projections before and after attention. */
final class SelfAttentionPass extends LayerPass {
  private final LayerPass input;
  private final int inner;
  private final Projection toQueries;
  private final Projection toKeys;
  private final Projection toValues;
  private final Projection toOutput;

  /** Index of the first bias of queries, which those of outputs follow; −1 without biases. */
  private final int biases;

  private final ScaledDotProduct attention;

  /** The values' weighted sums, in the order that layers work in. */
  private final float[] sums;

  /** What comes out of a projection to the heads, or its gradient, in that order. */
  private final float[] projected;

  /**
   * @param weights index of the first weight among the parameters: those of queries, of keys, of
   *     values and of outputs, and biases of queries and outputs if it has them
   */
  SelfAttentionPass(SelfAttention layer, LayerPass input, int weights, int largestBatch) {
    super(input.shape(), largestBatch);
    this.input = input;
    int channels = shape().channels();
    this.inner = layer.heads() * layer.headWidth(channels);
    this.toQueries = new Projection(channels, inner, weights);
    this.toKeys = new Projection(channels, inner, toQueries.end());
    this.toValues = new Projection(channels, inner, toKeys.end());
    this.toOutput = new Projection(inner, channels, toValues.end());
    this.biases = layer.biases() == SelfAttention.Biases.TRAINED ? toOutput.end() : -1;
    int places = shape().height() * shape().width();
    this.attention = new ScaledDotProduct(layer.heads(), inner, places, largestBatch);
    int values = Math.multiplyExact(Math.multiplyExact(places, inner), largestBatch);
    this.sums = new float[values];
    this.projected = new float[values];
  }

  @Override
  long floatsAnExample(Mode mode) {
    return super.floatsAnExample(mode)
        + 2L * shape().height() * shape().width() * inner
        + (mode == Mode.TRAINING ? 2 : 1) * attention.floatsAnExample();
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    project(toQueries, parameters, attention.queries(), batch);
    if (biases >= 0) {
      addBiases(parameters, attention.queries(), batch);
    }
    project(toKeys, parameters, attention.keys(), batch);
    project(toValues, parameters, attention.values(), batch);
    attention.forward(batch);
    join(attention.sums(), sums, batch);
    int row = shape().width() * batch;
    for (int i = 0; biases >= 0 && i < shape().size(); i++) {
      Arrays.fill(output(), i * batch, (i + 1) * batch, parameters[biases + inner + channel(i)]);
    }
    float beta = biases < 0 ? 0 : 1;
    toOutput.forward(parameters, sums, 0, beta, output(), 0, shape().height(), row);
  }

  private void addBiases(float[] parameters, float[][] queries, int batch) {
    for (int i = 0; i < queries.length; i++) {
      float bias = parameters[biases + i % inner];
      for (int n = 0; n < batch; n++) {
        queries[i][n] += bias;
      }
    }
  }

  /** The channel of a number of the output, {@code [height][channel][width]}. */
  private int channel(int place) {
    return place / shape().width() % shape().channels();
  }

  private void project(Projection projection, float[] parameters, float[][] to, int batch) {
    int row = shape().width() * batch;
    projection.forward(parameters, input.output(), 0, 0, projected, 0, shape().height(), row);
    split(projected, to, batch);
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int lines = shape().height();
    int row = shape().width() * batch;
    toOutput.weightGradient(sums, 0, outputGradient(), 0, lines, row, gradient);
    toOutput.inputGradient(parameters, outputGradient(), 0, 0, projected, 0, lines, row);
    split(projected, attention.sumsGradient(), batch);
    attention.backward(batch);
    if (biases >= 0) {
      biasGradient(gradient, batch);
    }
    projectBack(toQueries, parameters, attention.queriesGradient(), 0, gradient, batch);
    projectBack(toKeys, parameters, attention.keysGradient(), 1, gradient, batch);
    projectBack(toValues, parameters, attention.valuesGradient(), 1, gradient, batch);
  }

  private void biasGradient(float[] gradient, int batch) {
    Arrays.fill(gradient, biases, biases + inner + shape().channels(), 0);
    float[][] queries = attention.queriesGradient();
    for (int i = 0; i < queries.length; i++) {
      gradient[biases + i % inner] += Sums.of(queries[i], 0, batch);
    }
    for (int i = 0; i < shape().size(); i++) {
      gradient[biases + inner + channel(i)] += Sums.of(outputGradient(), i * batch, batch);
    }
  }

  /**
   * @param beta 0 for the first that writes the input's gradient, 1 for those that add to it
   */
  private void projectBack(
      Projection projection,
      float[] parameters,
      float[][] rows,
      float beta,
      float[] gradient,
      int batch) {
    int lines = shape().height();
    int row = shape().width() * batch;
    join(rows, projected, batch);
    projection.weightGradient(input.output(), 0, projected, 0, lines, row, gradient);
    if (!(input instanceof InputPass)) {
      float[] target = input.outputGradient();
      projection.inputGradient(parameters, projected, 0, beta, target, 0, lines, row);
    }
  }

  private void split(float[] from, float[][] rows, int batch) {
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(from, at(i, batch), rows[i], 0, batch);
    }
  }

  private void join(float[][] rows, float[] to, int batch) {
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, to, at(i, batch), batch);
    }
  }

  /** Where a row, {@code [place][head]}, lies among {@code [height][head][width]}. */
  private int at(int row, int batch) {
    int width = shape().width();
    int place = row / inner;
    return ((place / width * inner + row % inner) * width + place % width) * batch;
  }
}
