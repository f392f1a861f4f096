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
 * (Kornblith et al. 2019, equations 3 and 4) of what each layer with weights reads, and of the
 * logits. It does not change when units are removed, reordered or scaled alike.
 */
final class LayerSimilarity implements Measure<List<LayerSimilarity.Kernel>> {
  private static final int MOST_EXAMPLES = 128;

  private final Examples examples;

  LayerSimilarity(Examples examples) {
    this.examples = SubsetExamples.spread(examples, MOST_EXAMPLES);
  }

  /**
   * What a layer reads.
   *
   * @param name for people
   * @param products {@code [example][example]}: of rows whose columns have the mean 0
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
        kernels.add(
            new Kernel(
                "input of layer " + layer,
                kernel(inputs.all(network.parameters(), layer), examples.size())));
      }
    }
    kernels.add(new Kernel("logits", kernel(Evaluator.logits(network, examples), examples.size())));
    return kernels;
  }

  /**
   * Products of all pairs of rows, centred.
   *
   * @param values {@code [row][column]}
   */
  static double[][] kernel(float[] values, int rows) {
    int columns = values.length / rows;
    double[] centred = new double[values.length];
    for (int c = 0; c < columns; c++) {
      double sum = 0;
      for (int r = 0; r < rows; r++) {
        sum += values[r * columns + c];
      }
      for (int r = 0; r < rows; r++) {
        centred[r * columns + c] = values[r * columns + c] - sum / rows;
      }
    }
    double[][] products = new double[rows][rows];
    for (int r = 0; r < rows; r++) {
      for (int s = 0; s <= r; s++) {
        double sum = 0;
        for (int c = 0; c < columns; c++) {
          sum += centred[r * columns + c] * centred[s * columns + c];
        }
        products[r][s] = sum;
        products[s][r] = sum;
      }
    }
    return products;
  }

  /** From 0 to 1; not a number where all examples are alike to either. */
  static double alignment(double[][] first, double[][] second) {
    return product(first, second) / Math.sqrt(product(first, first) * product(second, second));
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
                + " validation examples: 1 is the same up to rotation and scale. Where layers were"
                + " taken out, beside the teacher's most similar one.",
            List.of(
                text("file", "in the file"),
                text("teacher", "in the teacher"),
                number("alignment", "alignment")),
            rows));
  }

  private static Kernel nearest(List<Kernel> kernels, Kernel own) {
    Kernel best = kernels.get(0);
    for (Kernel kernel : kernels) {
      best =
          alignment(kernel.products(), own.products()) > alignment(best.products(), own.products())
              ? kernel
              : best;
    }
    return best;
  }
}
