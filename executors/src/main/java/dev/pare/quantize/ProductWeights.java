package dev.pare.quantize;

import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.MaskedWeights;
import dev.pare.train.TrainableParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Weights shared in runs: each row falls into runs of {@code dimension} weights, and each run is
 * one of at most {@code 2^bits} words of its tensor (product quantization: Gong et al. 2014; Stock
 * et al. 2020). Runs of zeros stay zero; in others, zeros become what their word has there.
 *
 * <p>The variables are the biases and the words; a word's gradient is the sum of its runs'. Which
 * word a run has is settled at the start, by k-means, and by what it costs where that matters.
 */
public final class ProductWeights implements TrainableParameters {
  private final int dimension;
  private final PlainTensors plain = new PlainTensors();
  private final List<Table> tables = new ArrayList<>();
  private final List<Range> ranges = new ArrayList<>();
  private final float[] values;
  private final float[] gradient;
  private final float[] parameters;

  /**
   * A weight tensor and its words.
   *
   * @param codes for each run the number of its word, from 1, or 0
   * @param dimension of its words
   * @param from index of the first word's first number among the variables
   * @param count numbers of all words
   */
  private record Table(ParameterTensor tensor, short[] codes, int dimension, int from, int count) {}

  /**
   * Starts from a network's weights.
   *
   * @param bits 1 to 8
   * @param dimension weights of a run, at least 1; no more than a row has
   * @param choice of the runs' words, in place of the nearest, if there is one
   * @param seed of the k-means' start
   */
  public ProductWeights(
      Network start, int bits, int dimension, @Nullable RateDistortion choice, long seed) {
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension = " + dimension + ": must be at least 1");
    }
    this.dimension = dimension;
    SplittableRandom random = new SplittableRandom(seed);
    float[] variables = new float[0];
    for (ParameterTensor tensor : start.architecture().tensors()) {
      int from = variables.length;
      float[] weights = Arrays.copyOfRange(start.parameters(), tensor.offset(), tensor.end());
      if (!tensor.isWeight()) {
        plain.add(tensor, from);
        ranges.add(new Range(from, from + weights.length, MaskedWeights.kindOf(tensor.role())));
        variables = joined(variables, weights);
        continue;
      }
      int width = Math.min(dimension, tensor.columns());
      VectorCodebook words = VectorCodebook.nearest(tensor, weights, 1 << bits, width, random);
      if (choice != null) {
        words = words.improved(choice.on(tensor));
      }
      float[] numbers = words.words();
      tables.add(new Table(tensor, words.codes(), width, from, numbers.length));
      ranges.add(new Range(from, from + numbers.length, Kind.FREE));
      variables = joined(variables, numbers);
    }
    values = variables;
    gradient = new float[values.length];
    parameters = new float[start.parameters().length];
  }

  private static float[] joined(float[] first, float[] second) {
    float[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @Override
  public float[] values() {
    return values;
  }

  @Override
  public float[] parameters() {
    plain.copyToParameters(values, parameters);
    for (Table table : tables) {
      int at = table.tensor().offset();
      int columns = table.tensor().columns();
      int width = table.dimension();
      int next = 0;
      for (int row = 0; row < table.tensor().rows(); row++) {
        for (int column = 0; column < columns; column += width) {
          int length = Math.min(width, columns - column);
          int code = table.codes()[next++];
          if (code != 0) {
            System.arraycopy(values, table.from() + (code - 1) * width, parameters, at, length);
          }
          at += length;
        }
      }
    }
    return parameters;
  }

  @Override
  public float[] pullBack(float[] parameterGradient) {
    plain.copyFromParameters(parameterGradient, gradient);
    for (Table table : tables) {
      Arrays.fill(gradient, table.from(), table.from() + table.count(), 0);
      int at = table.tensor().offset();
      int columns = table.tensor().columns();
      int width = table.dimension();
      int next = 0;
      for (int row = 0; row < table.tensor().rows(); row++) {
        for (int column = 0; column < columns; column += width) {
          int length = Math.min(width, columns - column);
          int code = table.codes()[next++];
          if (code != 0) {
            int word = table.from() + (code - 1) * width;
            for (int i = 0; i < length; i++) {
              gradient[word + i] += parameterGradient[at + i];
            }
          }
          at += length;
        }
      }
    }
    return gradient;
  }

  @Override
  public List<Range> ranges() {
    return ranges;
  }

  @Override
  public float[] mask() {
    return values;
  }

  /** Weights of a run of a tensor: {@code dimension}, or its columns if they are fewer. */
  public int dimension(ParameterTensor tensor) {
    return Math.min(dimension, tensor.columns());
  }

  /** For each run of a weight tensor, row by row, the number of its word from 1, or 0 for zeros. */
  public short[] codes(ParameterTensor tensor) {
    return table(tensor).codes().clone();
  }

  /** The words of a weight tensor as trained, one after the other. */
  public float[] words(ParameterTensor tensor) {
    Table table = table(tensor);
    return Arrays.copyOfRange(values, table.from(), table.from() + table.count());
  }

  private Table table(ParameterTensor tensor) {
    for (Table table : tables) {
      if (table.tensor().equals(tensor)) {
        return table;
      }
    }
    throw new IllegalArgumentException("no weight tensor " + tensor.name());
  }
}
