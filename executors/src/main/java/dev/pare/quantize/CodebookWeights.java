package dev.pare.quantize;

import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.MaskedWeights;
import dev.pare.train.TrainableParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Weights shared through one codebook a tensor of at most {@code 2^bits} values beside zero (Han,
 * Mao and Dally 2016).
 *
 * <p>The variables are the biases and the centroids; a centroid's gradient is the sum of its
 * weights'. Which centroid a weight has is settled at the start, by k-means, and by what it costs
 * where that matters.
 */
public final class CodebookWeights implements TrainableParameters {
  private final List<Book> books = new ArrayList<>();
  private final PlainTensors plain = new PlainTensors();
  private final List<Range> ranges = new ArrayList<>();
  private final float[] values;
  private final float[] gradient;
  private final double[] sums;
  private final float[] parameters;
  private final int[] live;

  /**
   * A weight tensor and its codebook.
   *
   * @param positions of its weights that are not zero, among the parameters
   * @param assignment which centroid each of them has
   * @param from index of its first centroid among the variables
   * @param count of its centroids
   */
  private record Book(
      ParameterTensor tensor, int[] positions, short[] assignment, int from, int count) {}

  /** Starts from a network's weights; bits 1 to 8. */
  public CodebookWeights(Network start, int bits) {
    this(start, bits, null);
  }

  /**
   * Starts from a network's weights, of which some become zero and stay so; bits 1 to 8.
   *
   * @param choice of the weights' centroids, in place of the nearest
   */
  public static CodebookWeights chosen(Network start, int bits, RateDistortion choice) {
    return new CodebookWeights(start, bits, choice);
  }

  private CodebookWeights(Network start, int bits, @Nullable RateDistortion choice) {
    float[] variables = new float[start.parameters().length];
    int used = 0;
    for (ParameterTensor tensor : start.architecture().tensors()) {
      if (!tensor.isWeight()) {
        plain.add(tensor, used);
        ranges.add(new Range(used, used + tensor.size(), MaskedWeights.kindOf(tensor.role())));
        System.arraycopy(start.parameters(), tensor.offset(), variables, used, tensor.size());
        used += tensor.size();
        continue;
      }
      float[] weights = Arrays.copyOfRange(start.parameters(), tensor.offset(), tensor.end());
      Codebook words = Codebook.nearest(weights, bits);
      if (choice != null) {
        words = choice.on(tensor).improve(tensor.rows(), tensor.columns(), weights, words);
      }
      float[] centroids = words.centroids();
      books.add(book(tensor, words, used));
      ranges.add(new Range(used, used + centroids.length, Kind.FREE));
      System.arraycopy(centroids, 0, variables, used, centroids.length);
      used += centroids.length;
    }
    this.values = Arrays.copyOf(variables, used);
    this.gradient = new float[used];
    this.sums = new double[1 << bits];
    this.parameters = new float[start.parameters().length];
    float[] mask = new float[parameters.length];
    books.forEach(book -> Arrays.stream(book.positions()).forEach(i -> mask[i] = 1));
    this.live = TrainableParameters.fewOf(MaskedWeights.ranges(start.architecture()), mask);
  }

  private static Book book(ParameterTensor tensor, Codebook words, int from) {
    short[] all = words.assignment();
    int[] positions = IntStream.range(0, all.length).filter(i -> all[i] != Codebook.ZERO).toArray();
    short[] assignment = new short[positions.length];
    for (int i = 0; i < positions.length; i++) {
      assignment[i] = all[positions[i]];
      positions[i] += tensor.offset();
    }
    return new Book(tensor, positions, assignment, from, words.centroids().length);
  }

  @Override
  public float[] values() {
    return values;
  }

  @Override
  public float[] parameters() {
    plain.copyToParameters(values, parameters);
    for (Book book : books) {
      int[] positions = book.positions();
      short[] assignment = book.assignment();
      int centroids = book.from();
      for (int i = 0; i < positions.length; i++) {
        parameters[positions[i]] = values[centroids + assignment[i]];
      }
    }
    return parameters;
  }

  @Override
  public float[] pullBack(float[] parameterGradient) {
    plain.copyFromParameters(parameterGradient, gradient);
    for (Book book : books) {
      int[] positions = book.positions();
      short[] assignment = book.assignment();
      Arrays.fill(sums, 0, book.count(), 0);
      for (int i = 0; i < positions.length; i++) {
        sums[assignment[i]] += parameterGradient[positions[i]];
      }
      for (int c = 0; c < book.count(); c++) {
        gradient[book.from() + c] = (float) sums[c];
      }
    }
    return gradient;
  }

  @Override
  public Optional<int[]> sources() {
    int[] sources = new int[parameters.length];
    Arrays.fill(sources, -1);
    plain.copySources(sources);
    for (Book book : books) {
      for (int i = 0; i < book.positions().length; i++) {
        sources[book.positions()[i]] = book.from() + book.assignment()[i];
      }
    }
    return Optional.of(sources);
  }

  @Override
  public List<Range> ranges() {
    return ranges;
  }

  @Override
  public float[] mask() {
    return values;
  }

  @Override
  public int[] liveParameters() {
    return live;
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
    short[] levels = new short[tensor.size()];
    for (int i = 0; i < book.positions().length; i++) {
      levels[book.positions()[i] - tensor.offset()] = levelOf[book.assignment()[i]];
    }
    return levels;
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
