package dev.pare.layers;

import java.util.Arrays;

/**
 * What self-attention does between its projections: scores, softmax and weighted sums, for all
 * heads.
 *
 * <p>The matrices are small and one an example, so loops run along examples. A row, the values of
 * one channel of one place for all examples, is an array of its own: compilers make loops wide only
 * where all arrays are read at the same index.
 */
final class ScaledDotProduct {
  private final int heads;
  private final int channels;
  private final int places;
  private final float scale;

  /** Rows in the order {@code [place][channel]}, here and below. */
  private final float[][] queries;

  private final float[][] keys;
  private final float[][] values;
  private final float[][] sums;
  private float[][] queriesGradient = {};
  private float[][] keysGradient = {};
  private float[][] valuesGradient = {};
  private float[][] sumsGradient = {};

  /** How much a place listens to another: {@code [head][place][other]}. */
  private final float[][] attention;

  private float[][] attentionGradient = {};

  /** One number an example: a largest score, or a sum. */
  private final float[] line;

  ScaledDotProduct(int heads, int channels, int places, int largestBatch) {
    this.heads = heads;
    this.channels = channels;
    this.places = places;
    this.scale = (float) (1 / Math.sqrt((double) channels / heads));
    int rows = Math.multiplyExact(places, channels);
    this.queries = new float[rows][largestBatch];
    this.keys = new float[rows][largestBatch];
    this.values = new float[rows][largestBatch];
    this.sums = new float[rows][largestBatch];
    int pairs = Math.multiplyExact(Math.multiplyExact(places, places), heads);
    this.attention = new float[pairs][largestBatch];
    this.line = new float[largestBatch];
  }

  float[][] queries() {
    return queries;
  }

  float[][] keys() {
    return keys;
  }

  float[][] values() {
    return values;
  }

  /** The values' weighted sums, which {@link #forward} computes. */
  float[][] sums() {
    return sums;
  }

  float[][] queriesGradient() {
    return queriesGradient;
  }

  float[][] keysGradient() {
    return keysGradient;
  }

  float[][] valuesGradient() {
    return valuesGradient;
  }

  /** What {@link #backward} starts from. */
  float[][] sumsGradient() {
    if (sumsGradient.length == 0) {
      int rows = sums.length;
      sumsGradient = new float[rows][line.length];
      queriesGradient = new float[rows][line.length];
      keysGradient = new float[rows][line.length];
      valuesGradient = new float[rows][line.length];
      attentionGradient = new float[attention.length][line.length];
    }
    return sumsGradient;
  }

  /** Numbers of each example on the way forward; the gradients are as many. */
  long floatsAnExample() {
    return 4L * sums.length + attention.length;
  }

  void forward(int batch) {
    for (int head = 0; head < heads; head++) {
      for (int place = 0; place < places; place++) {
        for (int other = 0; other < places; other++) {
          dot(queries, place, keys, other, head, attention[pair(head, place, other)], batch);
        }
        softmax(pair(head, place, 0), batch);
        combine(attention, pair(head, place, 0), 1, values, head, sums, place, batch);
      }
    }
  }

  void backward(int batch) {
    for (int head = 0; head < heads; head++) {
      for (int place = 0; place < places; place++) {
        for (int other = 0; other < places; other++) {
          float[] to = attentionGradient[pair(head, place, other)];
          dot(sumsGradient, place, values, other, head, to, batch);
        }
      }
      for (int other = 0; other < places; other++) {
        int from = pair(head, 0, other);
        combine(attention, from, places, sumsGradient, head, valuesGradient, other, batch);
      }
      for (int place = 0; place < places; place++) {
        softmaxBackward(pair(head, place, 0), batch);
      }
      for (int place = 0; place < places; place++) {
        int from = pair(head, place, 0);
        combine(attentionGradient, from, 1, keys, head, queriesGradient, place, batch);
      }
      for (int other = 0; other < places; other++) {
        int from = pair(head, 0, other);
        combine(attentionGradient, from, places, queries, head, keysGradient, other, batch);
      }
    }
  }

  private int pair(int head, int place, int other) {
    return (head * places + place) * places + other;
  }

  /** The product of two places' vectors of one head. */
  private void dot(
      float[][] one, int place, float[][] others, int other, int head, float[] to, int batch) {
    int each = channels / heads;
    int a = place * channels + head * each;
    int b = other * channels + head * each;
    Arrays.fill(to, 0, batch, 0);
    int c = 0;
    for (; c + 2 <= each; c += 2) {
      addTwo(one[a + c], one[a + c + 1], others[b + c], others[b + c + 1], to, batch);
    }
    for (; c < each; c++) {
      add(one[a + c], others[b + c], to, batch);
    }
  }

  /**
   * The sum of all places' vectors of one head, each times a coefficient, into those of a place.
   *
   * @param from index of the first place's coefficients
   * @param step to the next place's
   */
  private void combine(
      float[][] coefficients,
      int from,
      int step,
      float[][] vectors,
      int head,
      float[][] to,
      int place,
      int batch) {
    int each = channels / heads;
    for (int c = head * each; c < (head + 1) * each; c++) {
      float[] target = to[place * channels + c];
      Arrays.fill(target, 0, batch, 0);
      int other = 0;
      for (; other + 2 <= places; other += 2) {
        int k = from + other * step;
        int v = other * channels + c;
        addTwo(
            coefficients[k],
            coefficients[k + step],
            vectors[v],
            vectors[v + channels],
            target,
            batch);
      }
      for (; other < places; other++) {
        add(coefficients[from + other * step], vectors[other * channels + c], target, batch);
      }
    }
  }

  /** Softmax of one place's scaled scores, in place. */
  private void softmax(int from, int batch) {
    System.arraycopy(attention[from], 0, line, 0, batch);
    for (int other = 1; other < places; other++) {
      largest(attention[from + other], line, batch);
    }
    for (int other = 0; other < places; other++) {
      exponentials(attention[from + other], line, scale, batch);
    }
    Arrays.fill(line, 0, batch, 0);
    for (int other = 0; other < places; other++) {
      add(attention[from + other], line, batch);
    }
    for (int other = 0; other < places; other++) {
      divide(attention[from + other], line, batch);
    }
  }

  /** From the gradient of one place's attention to that of its scores, in place. */
  private void softmaxBackward(int from, int batch) {
    Arrays.fill(line, 0, batch, 0);
    for (int other = 0; other < places; other++) {
      add(attention[from + other], attentionGradient[from + other], line, batch);
    }
    for (int other = 0; other < places; other++) {
      centre(attention[from + other], line, scale, attentionGradient[from + other], batch);
    }
  }

  /** Two at once, as one is mostly loads and stores; more would be too long for the compiler. */
  private static void addTwo(
      float[] a0, float[] a1, float[] b0, float[] b1, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += a0[i] * b0[i] + a1[i] * b1[i];
    }
  }

  private static void add(float[] one, float[] other, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += one[i] * other[i];
    }
  }

  private static void add(float[] from, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += from[i];
    }
  }

  private static void largest(float[] from, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = Math.max(to[i], from[i]);
    }
  }

  private static void exponentials(float[] values, float[] largest, float scale, int length) {
    for (int i = 0; i < length; i++) {
      values[i] = Exponential.exp((values[i] - largest[i]) * scale);
    }
  }

  private static void divide(float[] values, float[] by, int length) {
    for (int i = 0; i < length; i++) {
      values[i] /= by[i];
    }
  }

  private static void centre(
      float[] attention, float[] mean, float scale, float[] gradient, int length) {
    for (int i = 0; i < length; i++) {
      gradient[i] = scale * attention[i] * (gradient[i] - mean[i]);
    }
  }
}
