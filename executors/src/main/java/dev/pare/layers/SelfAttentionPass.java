package dev.pare.layers;

import dev.pare.model.Layer;
import java.util.Arrays;

/**
 * Multi-head self-attention (Vaswani et al. 2017). Projections are matrix products; scores and
 * weighted sums, whose matrices are small and one an example, are loops along the examples.
 */
final class SelfAttentionPass extends LayerPass {
  private final LayerPass input;
  private final int heads;
  private final int channels;
  private final int places;
  private final float scale;
  private final Projection toQueries;
  private final Projection toKeys;
  private final Projection toValues;
  private final Projection toOutput;
  private final float[] queries;
  private final float[] keys;
  private final float[] values;

  /** The values' weighted sums. */
  private final float[] sums;

  private final float[] queriesGradient;
  private final float[] keysGradient;
  private final float[] valuesGradient;
  private final float[] sumsGradient;

  /** How much a place listens to another, {@code [head][place][other][example]}. */
  private final float[] attention;

  private final float[] attentionGradient;

  /** One number an example: a largest score, or a sum. */
  private final float[] line;

  /**
   * @param weights index of the first weight among the parameters: those of queries, of keys, of
   *     values and of outputs
   */
  SelfAttentionPass(Layer.SelfAttention layer, LayerPass input, int weights, int largestBatch) {
    super(input.shape(), largestBatch);
    this.input = input;
    this.heads = layer.heads();
    this.channels = shape().channels();
    this.places = shape().height() * shape().width();
    this.scale = (float) (1 / Math.sqrt((double) channels / heads));
    this.toQueries = new Projection(channels, channels, weights);
    this.toKeys = new Projection(channels, channels, toQueries.end());
    this.toValues = new Projection(channels, channels, toKeys.end());
    this.toOutput = new Projection(channels, channels, toValues.end());
    int size = output().length;
    this.queries = new float[size];
    this.keys = new float[size];
    this.values = new float[size];
    this.sums = new float[size];
    this.queriesGradient = new float[size];
    this.keysGradient = new float[size];
    this.valuesGradient = new float[size];
    this.sumsGradient = new float[size];
    int pairs = Math.multiplyExact(Math.multiplyExact(places, places), heads);
    this.attention = new float[Math.multiplyExact(pairs, largestBatch)];
    this.attentionGradient = new float[attention.length];
    this.line = new float[largestBatch];
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    project(toQueries, parameters, input.output(), queries, batch);
    project(toKeys, parameters, input.output(), keys, batch);
    project(toValues, parameters, input.output(), values, batch);
    for (int head = 0; head < heads; head++) {
      for (int place = 0; place < places; place++) {
        for (int other = 0; other < places; other++) {
          dot(queries, place, keys, other, head, attention, pair(head, place, other, batch), batch);
        }
        softmax(pair(head, place, 0, batch), batch);
      }
      int one = batch;
      for (int place = 0; place < places; place++) {
        int from = pair(head, place, 0, batch);
        combine(attention, from, one, values, head, sums, place, batch);
      }
    }
    project(toOutput, parameters, sums, output(), batch);
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int lines = shape().height();
    int row = shape().width() * batch;
    toOutput.weightGradient(sums, 0, outputGradient(), 0, lines, row, gradient);
    toOutput.inputGradient(parameters, outputGradient(), 0, 0, sumsGradient, 0, lines, row);
    for (int head = 0; head < heads; head++) {
      backward(head, batch);
    }
    float[] in = input.output();
    toQueries.weightGradient(in, 0, queriesGradient, 0, lines, row, gradient);
    toKeys.weightGradient(in, 0, keysGradient, 0, lines, row, gradient);
    toValues.weightGradient(in, 0, valuesGradient, 0, lines, row, gradient);
    if (!(input instanceof InputPass)) {
      float[] target = input.outputGradient();
      toQueries.inputGradient(parameters, queriesGradient, 0, 0, target, 0, lines, row);
      toKeys.inputGradient(parameters, keysGradient, 0, 1, target, 0, lines, row);
      toValues.inputGradient(parameters, valuesGradient, 0, 1, target, 0, lines, row);
    }
  }

  private void backward(int head, int batch) {
    int one = batch;
    int all = places * batch;
    for (int place = 0; place < places; place++) {
      for (int other = 0; other < places; other++) {
        int at = pair(head, place, other, batch);
        dot(sumsGradient, place, values, other, head, attentionGradient, at, batch);
      }
    }
    for (int other = 0; other < places; other++) {
      int from = pair(head, 0, other, batch);
      combine(attention, from, all, sumsGradient, head, valuesGradient, other, batch);
    }
    for (int place = 0; place < places; place++) {
      softmaxBackward(pair(head, place, 0, batch), batch);
    }
    for (int place = 0; place < places; place++) {
      int from = pair(head, place, 0, batch);
      combine(attentionGradient, from, one, keys, head, queriesGradient, place, batch);
    }
    for (int other = 0; other < places; other++) {
      int from = pair(head, 0, other, batch);
      combine(attentionGradient, from, all, queries, head, keysGradient, other, batch);
    }
  }

  private void project(
      Projection projection, float[] parameters, float[] from, float[] to, int batch) {
    projection.forward(parameters, from, 0, 0, to, 0, shape().height(), shape().width() * batch);
  }

  private int pair(int head, int place, int other, int batch) {
    return ((head * places + place) * places + other) * batch;
  }

  private int at(int place, int channel, int batch) {
    int width = shape().width();
    return ((place / width * channels + channel) * width + place % width) * batch;
  }

  /** The product of two places' vectors of one head. */
  private void dot(
      float[] one,
      int place,
      float[] others,
      int other,
      int head,
      float[] to,
      int toAt,
      int batch) {
    int each = channels / heads;
    int a = at(place, head * each, batch);
    int b = at(other, head * each, batch);
    int step = shape().width() * batch;
    Arrays.fill(to, toAt, toAt + batch, 0);
    int left = each;
    for (; left >= 4; left -= 4) {
      addFour(
          one,
          a,
          a + step,
          a + 2 * step,
          a + 3 * step,
          others,
          b,
          b + step,
          b + 2 * step,
          b + 3 * step,
          to,
          toAt,
          batch);
      a += 4 * step;
      b += 4 * step;
    }
    for (; left > 0; left--) {
      add(one, a, others, b, to, toAt, batch);
      a += step;
      b += step;
    }
  }

  /**
   * The sum of all places' vectors of one head, each times a coefficient, into those of a place.
   *
   * @param from index of the first place's coefficients
   * @param step to the next place's
   */
  private void combine(
      float[] coefficients,
      int from,
      int step,
      float[] vectors,
      int head,
      float[] to,
      int place,
      int batch) {
    int each = channels / heads;
    for (int c = head * each; c < (head + 1) * each; c++) {
      int toAt = at(place, c, batch);
      Arrays.fill(to, toAt, toAt + batch, 0);
      int other = 0;
      for (; other + 4 <= places; other += 4) {
        int k = from + other * step;
        addFour(
            coefficients,
            k,
            k + step,
            k + 2 * step,
            k + 3 * step,
            vectors,
            at(other, c, batch),
            at(other + 1, c, batch),
            at(other + 2, c, batch),
            at(other + 3, c, batch),
            to,
            toAt,
            batch);
      }
      for (; other < places; other++) {
        add(coefficients, from + other * step, vectors, at(other, c, batch), to, toAt, batch);
      }
    }
  }

  /** Softmax of one place's scaled scores, in place. */
  private void softmax(int from, int batch) {
    System.arraycopy(attention, from, line, 0, batch);
    for (int other = 1; other < places; other++) {
      largest(attention, from + other * batch, line, batch);
    }
    for (int other = 0; other < places; other++) {
      exponentials(attention, from + other * batch, line, scale, batch);
    }
    Arrays.fill(line, 0, batch, 0);
    for (int other = 0; other < places; other++) {
      add(attention, from + other * batch, line, batch);
    }
    for (int other = 0; other < places; other++) {
      divide(attention, from + other * batch, line, batch);
    }
  }

  /** From the gradient of one place's attention to that of its scores, in place. */
  private void softmaxBackward(int from, int batch) {
    Arrays.fill(line, 0, batch, 0);
    for (int other = 0; other < places; other++) {
      int at = from + other * batch;
      add(attention, at, attentionGradient, at, line, 0, batch);
    }
    for (int other = 0; other < places; other++) {
      int at = from + other * batch;
      centre(attention, at, line, scale, attentionGradient, batch);
    }
  }

  private static void addFour(
      float[] one,
      int a0,
      int a1,
      int a2,
      int a3,
      float[] other,
      int b0,
      int b1,
      int b2,
      int b3,
      float[] to,
      int at,
      int length) {
    for (int i = 0; i < length; i++) {
      to[at + i] +=
          (one[a0 + i] * other[b0 + i] + one[a1 + i] * other[b1 + i])
              + (one[a2 + i] * other[b2 + i] + one[a3 + i] * other[b3 + i]);
    }
  }

  private static void add(
      float[] one, int a, float[] other, int b, float[] to, int at, int length) {
    for (int i = 0; i < length; i++) {
      to[at + i] += one[a + i] * other[b + i];
    }
  }

  private static void add(float[] from, int at, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += from[at + i];
    }
  }

  private static void largest(float[] from, int at, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = Math.max(to[i], from[at + i]);
    }
  }

  private static void exponentials(
      float[] values, int at, float[] largest, float scale, int length) {
    for (int i = 0; i < length; i++) {
      values[at + i] = Exponential.exp((values[at + i] - largest[i]) * scale);
    }
  }

  private static void divide(float[] values, int at, float[] by, int length) {
    for (int i = 0; i < length; i++) {
      values[at + i] /= by[i];
    }
  }

  private static void centre(
      float[] attention, int at, float[] mean, float scale, float[] gradient, int length) {
    for (int i = 0; i < length; i++) {
      gradient[at + i] = scale * attention[at + i] * (gradient[at + i] - mean[i]);
    }
  }
}
