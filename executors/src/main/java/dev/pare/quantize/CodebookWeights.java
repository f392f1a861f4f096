package dev.pare.quantize;

import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import dev.pare.train.Variables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weights shared through one codebook a tensor of at most {@code 2^bits} values beside zero (Han,
 * Mao and Dally 2016).
 *
 * <p>The variables are the biases and the centroids; a centroid's gradient is the sum of its
 * weights'. Which centroid a weight has is settled at the start, by k-means.
 */
public final class CodebookWeights implements Variables {
  private static final short PRUNED = -1;

  private final List<Book> books = new ArrayList<>();
  private final List<ParameterTensor> biases = new ArrayList<>();
  private final float[] values;

  /**
   * A weight tensor, which centroid each weight has, and where its centroids lie among the
   * variables.
   */
  private record Book(ParameterTensor tensor, short[] assignment, int from, int count) {}

  /** Starts from a network's weights; bits 1 to 8. */
  public CodebookWeights(Network start, int bits) {
    float[] variables = new float[start.parameters().length];
    int used = 0;
    for (ParameterTensor tensor : start.architecture().tensors()) {
      float[] parameters = Arrays.copyOfRange(start.parameters(), tensor.offset(), tensor.end());
      if (tensor.role() == Role.BIAS) {
        biases.add(tensor);
        System.arraycopy(parameters, 0, variables, used, parameters.length);
        used += parameters.length;
        continue;
      }
      float[] centroids = centroids(parameters, 1 << bits);
      short[] assignment = new short[parameters.length];
      for (int i = 0; i < parameters.length; i++) {
        assignment[i] =
            parameters[i] == 0 ? PRUNED : (short) KMeans.nearest(centroids, parameters[i]);
      }
      books.add(new Book(tensor, assignment, used, centroids.length));
      System.arraycopy(centroids, 0, variables, used, centroids.length);
      used += centroids.length;
    }
    this.values = Arrays.copyOf(variables, used);
  }

  private static float[] centroids(float[] parameters, int most) {
    float[] nonzero = new float[parameters.length];
    int count = 0;
    for (float parameter : parameters) {
      if (parameter != 0) {
        nonzero[count++] = parameter;
      }
    }
    return count == 0 ? new float[0] : KMeans.centroids(Arrays.copyOf(nonzero, count), most);
  }

  @Override
  public float[] values() {
    return values;
  }

  @Override
  public void materialize(float[] parameters) {
    int from = 0;
    for (ParameterTensor tensor : biases) {
      System.arraycopy(values, biasOffset(tensor), parameters, tensor.offset(), tensor.size());
    }
    for (Book book : books) {
      from = book.tensor().offset();
      short[] assignment = book.assignment();
      for (int i = 0; i < assignment.length; i++) {
        parameters[from + i] = assignment[i] == PRUNED ? 0 : values[book.from() + assignment[i]];
      }
    }
  }

  @Override
  public void pullBack(float[] parameterGradient, float[] gradient) {
    for (ParameterTensor tensor : biases) {
      System.arraycopy(
          parameterGradient, tensor.offset(), gradient, biasOffset(tensor), tensor.size());
    }
    for (Book book : books) {
      double[] sums = new double[book.count()];
      int from = book.tensor().offset();
      short[] assignment = book.assignment();
      for (int i = 0; i < assignment.length; i++) {
        if (assignment[i] != PRUNED) {
          sums[assignment[i]] += parameterGradient[from + i];
        }
      }
      for (int c = 0; c < sums.length; c++) {
        gradient[book.from() + c] = (float) sums[c];
      }
    }
  }

  @Override
  public void afterUpdate() {}

  /** A bias follows the centroids of its layer's weight. */
  private int biasOffset(ParameterTensor bias) {
    for (Book book : books) {
      if (book.tensor().layer() == bias.layer()) {
        return book.from() + book.count();
      }
    }
    throw new IllegalStateException("no weight beside " + bias.name());
  }

  /**
   * The codebook of a weight tensor as trained: distinct values, ascending, zero left out.
   * Centroids that training made equal are one.
   */
  public float[] codebook(ParameterTensor tensor) {
    Book book = book(tensor);
    float[] sorted = Arrays.copyOfRange(values, book.from(), book.from() + book.count());
    Arrays.sort(sorted);
    int count = 0;
    for (float centroid : sorted) {
      if (centroid != 0 && (count == 0 || centroid != sorted[count - 1])) {
        sorted[count++] = centroid;
      }
    }
    return Arrays.copyOf(sorted, count);
  }

  /**
   * The levels of a weight tensor, row-major: 0 for zero, otherwise counted from zero outward along
   * the codebook, −1 for the negative value nearest zero, 1 for the positive one.
   */
  public short[] levels(ParameterTensor tensor) {
    Book book = book(tensor);
    float[] codebook = codebook(tensor);
    int negatives = 0;
    while (negatives < codebook.length && codebook[negatives] < 0) {
      negatives++;
    }
    short[] levelOf = new short[book.count()];
    for (int c = 0; c < levelOf.length; c++) {
      float centroid = values[book.from() + c];
      if (centroid != 0) {
        int at = Arrays.binarySearch(codebook, centroid);
        levelOf[c] = (short) (at < negatives ? at - negatives : at - negatives + 1);
      }
    }
    short[] levels = new short[book.assignment().length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = book.assignment()[i] == PRUNED ? 0 : levelOf[book.assignment()[i]];
    }
    return levels;
  }

  /** The biases, trained along. */
  public float[] bias(ParameterTensor tensor) {
    int from = biasOffset(tensor);
    return Arrays.copyOfRange(values, from, from + tensor.size());
  }

  private Book book(ParameterTensor tensor) {
    for (Book book : books) {
      if (book.tensor().equals(tensor)) {
        return book;
      }
    }
    throw new IllegalArgumentException("no weight tensor " + tensor.name());
  }
}
