package dev.pare.quantize;

import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The words of a tensor's runs of weights, the most frequent first, which costs least in a code.
 */
final class VectorCodebook {
  private static final int ROUNDS = 2;

  private final ParameterTensor tensor;
  private final float[] weights;
  private final int dimension;
  private final float[] words;
  private final short[] codes;

  private VectorCodebook(
      ParameterTensor tensor, float[] weights, int dimension, float[] words, short[] codes) {
    this.tensor = tensor;
    this.weights = weights;
    this.dimension = dimension;
    int[] uses = new int[words.length / dimension + 1];
    for (short code : codes) {
      uses[code]++;
    }
    int[] order =
        IntStream.range(1, uses.length)
            .filter(code -> uses[code] > 0)
            .boxed()
            .sorted(Comparator.comparing(code -> -uses[code]))
            .mapToInt(Integer::intValue)
            .toArray();
    short[] renumbered = new short[uses.length];
    this.words = new float[order.length * dimension];
    for (int i = 0; i < order.length; i++) {
      renumbered[order[i]] = (short) (i + 1);
      System.arraycopy(words, (order[i] - 1) * dimension, this.words, i * dimension, dimension);
    }
    this.codes = new short[codes.length];
    for (int i = 0; i < codes.length; i++) {
      this.codes[i] = renumbered[codes[i]];
    }
  }

  /** The centroids of k-means, each run that has a weight at the nearest. */
  static VectorCodebook nearest(
      ParameterTensor tensor, float[] weights, int most, int dimension, SplittableRandom random) {
    int runs = runs(tensor, dimension);
    float[] vectors = new float[runs * tensor.rows() * dimension];
    int[] lengths = new int[runs * tensor.rows()];
    int[] places = new int[lengths.length];
    int count = 0;
    for (int place = 0; place < lengths.length; place++) {
      int from = from(tensor, dimension, place);
      int length = length(tensor, dimension, place);
      boolean zero = true;
      for (int i = from; i < from + length; i++) {
        zero &= weights[i] == 0;
      }
      if (!zero) {
        System.arraycopy(weights, from, vectors, count * dimension, length);
        lengths[count] = length;
        places[count++] = place;
      }
    }
    VectorKMeans means =
        new VectorKMeans(
            dimension, Arrays.copyOf(vectors, count * dimension), Arrays.copyOf(lengths, count));
    float[] words = means.centroids(most, random);
    short[] codes = new short[lengths.length];
    for (int i = 0; i < count; i++) {
      codes[places[i]] = (short) (means.nearest(i) + 1);
    }
    return new VectorCodebook(tensor, weights, dimension, words, codes);
  }

  /**
   * Chooses for each run, among its words of least error and zeros, that of least {@code error +
   * worth·bits}, and moves the words to the means of their runs.
   */
  VectorCodebook improved(RateDistortion choice) {
    VectorCodebook best = this;
    for (int round = 0; round < ROUNDS && best.words.length > 0; round++) {
      best = best.chosen(choice).centred(choice);
    }
    return best;
  }

  private VectorCodebook chosen(RateDistortion choice) {
    int runs = runs(tensor, dimension);
    int count = words.length / dimension;
    double[] error = new double[count + 1];
    short[] chosen =
        choice.choose(
            tensor.rows(),
            runs,
            codes,
            null,
            choice.worth(weights),
            (place, candidates, errors) -> {
              if (codes[place] == 0) {
                return 0;
              }
              for (int code = 0; code <= count; code++) {
                error[code] = error(place, code, choice);
              }
              candidates[0] = 0;
              errors[0] = error[0];
              int taken = 1;
              while (taken < Math.min(RateDistortion.MOST_CHOICES, count + 1)) {
                int least = 0;
                for (int code = 1; code <= count; code++) {
                  least = least == 0 || error[code] < error[least] ? code : least;
                }
                candidates[taken] = (short) least;
                errors[taken++] = error[least];
                error[least] = Double.POSITIVE_INFINITY;
              }
              return taken;
            });
    return new VectorCodebook(tensor, weights, dimension, words, chosen);
  }

  private double error(int place, int code, RateDistortion choice) {
    int from = from(tensor, dimension, place);
    int length = length(tensor, dimension, place);
    double sum = 0;
    for (int i = 0; i < length; i++) {
      double away = weights[from + i] - (code == 0 ? 0 : words[(code - 1) * dimension + i]);
      sum += choice.importance(from + i) * away * away;
    }
    return sum;
  }

  private VectorCodebook centred(RateDistortion choice) {
    double[] sums = new double[words.length];
    double[] members = new double[words.length];
    for (int place = 0; place < codes.length; place++) {
      int from = from(tensor, dimension, place);
      int word = (codes[place] - 1) * dimension;
      for (int i = 0; i < length(tensor, dimension, place) && codes[place] > 0; i++) {
        double counts = choice.importance(from + i);
        sums[word + i] += counts * weights[from + i];
        members[word + i] += counts;
      }
    }
    float[] means = new float[words.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = members[i] == 0 ? 0 : (float) (sums[i] / members[i]);
    }
    return new VectorCodebook(tensor, weights, dimension, means, codes);
  }

  private static int runs(ParameterTensor tensor, int dimension) {
    return (tensor.columns() - 1) / dimension + 1;
  }

  /** Where a run begins among the tensor's weights. */
  private static int from(ParameterTensor tensor, int dimension, int place) {
    int runs = runs(tensor, dimension);
    return place / runs * tensor.columns() + place % runs * dimension;
  }

  /** How many weights a run has. */
  private static int length(ParameterTensor tensor, int dimension, int place) {
    int column = place % runs(tensor, dimension) * dimension;
    return Math.min(dimension, tensor.columns() - column);
  }

  /** The words, one after the other. */
  float[] words() {
    return words;
  }

  /** For each run the number of its word, from 1, or 0 for zeros. */
  short[] codes() {
    return codes;
  }
}
