package dev.pare.examine;

import static dev.pare.examine.Finding.Column.number;
import static dev.pare.examine.Finding.Column.text;

import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.LayerInputs;
import java.util.ArrayList;
import java.util.List;

/**
 * How alike the layers of teacher and file represent examples: linear centred kernel alignment
 * (Kornblith et al. 2019) of what each layer with weights reads, and of the logits, by the unbiased
 * estimator of HSIC (Song et al. 2012, equation 5): the biased one is near 1 for all layers that
 * are wider than there are examples. It does not change when units are reordered or scaled alike.
 */
final class LayerSimilarity implements Measure<List<LayerSimilarity.Kernel>> {
  private static final int MOST_EXAMPLES = 128;

  /** Of what a layer reads of all examples; of larger ones nothing is computed. */
  private static final long MOST_BYTES = 1 << 28;

  private final Examples examples;
  private final long mostBytes;

  LayerSimilarity(Examples examples) {
    this(examples, MOST_BYTES);
  }

  LayerSimilarity(Examples examples, long mostBytes) {
    this.examples = SubsetExamples.spread(examples, MOST_EXAMPLES);
    this.mostBytes = mostBytes;
  }

  /**
   * What a layer reads.
   *
   * @param name for people
   * @param products as {@link #kernel} makes them; empty where that takes too much memory
   */
  record Kernel(String name, double[][] products) {}

  @Override
  public List<Kernel> of(Network network) {
    Architecture architecture = network.architecture();
    List<Kernel> kernels = new ArrayList<>();
    LayerInputs inputs = new LayerInputs(architecture, examples);
    List<Integer> layers =
        architecture.weights().stream().map(ParameterTensor::layer).distinct().toList();
    for (int layer : layers) {
      if (architecture.source(layer) != Node.NETWORK_INPUT) {
        long bytes =
            (long) (Float.BYTES + Double.BYTES)
                * examples.size()
                * architecture.inputShape(layer).size();
        kernels.add(
            new Kernel(
                "input of layer " + layer,
                bytes > mostBytes
                    ? new double[0][0]
                    : kernel(inputs.all(network.parameters(), layer), examples.size())));
      }
    }
    kernels.add(new Kernel("logits", kernel(Evaluator.logits(network, examples), examples.size())));
    return kernels;
  }

  /**
   * Products of all pairs of different rows, from which each row's and column's mean is taken so
   * that sums of products of two such matrices are unbiased: U-centred (Székely and Rizzo 2014,
   * section 3). The diagonal is 0.
   *
   * @param values {@code [row][column]}
   */
  static double[][] kernel(float[] values, int rows) {
    double[][] products = products(centred(values, rows), rows);
    double[] sums = new double[rows];
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      for (double product : products[r]) {
        sums[r] += product;
      }
      sum += sums[r];
    }
    for (int r = 0; r < rows; r++) {
      for (int s = 0; s < rows; s++) {
        products[r][s] =
            r == s
                ? 0
                : products[r][s]
                    - (sums[r] + sums[s]) / (rows - 2)
                    + sum / ((rows - 1.0) * (rows - 2));
      }
    }
    return products;
  }

  /** Moved so that the columns' means are 0, which changes no alignment but is more exact. */
  private static double[] centred(float[] values, int rows) {
    int columns = values.length / rows;
    double[] centred = new double[values.length];
    for (int c = 0; c < columns; c++) {
      double sum = 0;
      for (int r = 0; r < rows; r++) {
        // Of equal rows nothing is left, not even a rounding.
        centred[r * columns + c] = (double) values[r * columns + c] - values[c];
        sum += centred[r * columns + c];
      }
      for (int r = 0; r < rows; r++) {
        centred[r * columns + c] -= sum / rows;
      }
    }
    return centred;
  }

  private static double[][] products(double[] rows, int count) {
    int columns = rows.length / count;
    double[][] products = new double[count][count];
    for (int r = 0; r < count; r++) {
      for (int s = 0; s < r; s++) {
        double sum = 0;
        for (int c = 0; c < columns; c++) {
          sum += rows[r * columns + c] * rows[s * columns + c];
        }
        products[r][s] = sum;
        products[s][r] = sum;
      }
    }
    return products;
  }

  /**
   * At most 1, and about 0 for what has nothing to do with each other; not a number where all
   * examples are alike to either, or there are fewer than 4.
   */
  static double alignment(double[][] first, double[][] second) {
    if (first.length < 4 || second.length < 4) {
      return Double.NaN;
    }
    double squares = product(first, first) * product(second, second);
    return squares > 0 ? product(first, second) / Math.sqrt(squares) : Double.NaN;
  }

  private static double product(double[][] first, double[][] second) {
    double sum = 0;
    for (int r = 0; r < first.length; r++) {
      for (int s = 0; s < first.length; s++) {
        sum += first[r][s] * second[r][s];
      }
    }
    return sum;
  }

  @Override
  public List<Finding> findings(List<Kernel> teacher, List<Kernel> file) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < file.size(); i++) {
      Kernel own = file.get(i);
      Kernel matched = teacher.size() == file.size() ? teacher.get(i) : nearest(teacher, own);
      rows.add(List.of(own.name(), matched.name(), alignment(matched.products(), own.products())));
    }
    return List.of(
        new Finding(
            "similarity",
            "Similarity of layers",
            "Linear centred kernel alignment (Kornblith et al. 2019) of what layers read of"
                + " validation examples, by the unbiased estimator (Song et al. 2012): 1 is the"
                + " same up to rotation and scale, 0 has nothing in common. Where layers were taken"
                + " out, beside the teacher's most similar one.",
            List.of(
                text("file", "in the file"),
                text("teacher", "in the teacher"),
                number("alignment", "alignment")),
            rows));
  }

  /** The first of those that nothing can be said of, if it is so with all. */
  private static Kernel nearest(List<Kernel> kernels, Kernel own) {
    Kernel best = kernels.get(0);
    double most = Double.NEGATIVE_INFINITY;
    for (Kernel kernel : kernels) {
      double alignment = alignment(kernel.products(), own.products());
      if (alignment > most) {
        best = kernel;
        most = alignment;
      }
    }
    return best;
  }
}
