package dev.pare.evaluate;

import dev.pare.candidate.Operations;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.model.Architecture;
import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer;
import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import dev.pare.train.ActiveInputs;
import java.util.List;
import java.util.Map;

/**
 * Counts a network's multiply-adds, and how many of them matter since neither the weight nor the
 * number it is multiplied by is zero.
 *
 * <p>What LSTMs and attention read of their own (an LSTM's last step, weighted sums of values) and
 * what layers that DL4J runs read counts as not zero.
 */
public final class OperationCount {
  /** Examples that activations are counted on, evenly spaced: enough for two digits and more. */
  static final int EXAMPLES = 1000;

  private OperationCount() {}

  /**
   * Counts.
   *
   * @param original the network that was compressed
   * @param examples as the network reads them
   */
  public static Operations of(Network network, Architecture original, Examples examples) {
    Architecture architecture = network.architecture();
    List<ParameterTensor> weights =
        architecture.tensors().stream().filter(t -> t.role() == Role.WEIGHT).toList();
    List<Integer> layers = weights.stream().map(ParameterTensor::layer).distinct().toList();
    int count = Math.min(EXAMPLES, examples.size());
    Examples some = SubsetExamples.spread(examples, count);
    Map<Integer, long[]> active = ActiveInputs.count(network, layers, some);
    long nonzero = 0;
    long all = 0;
    double effective = 0;
    for (int layer : layers) {
      long[] counts = active.getOrDefault(layer, new long[0]);
      long[] uses = new long[counts.length];
      long always = 0;
      for (ParameterTensor weight : weights) {
        if (weight.layer() == layer) {
          always += addUses(network, weight, uses);
        }
      }
      effective += always;
      for (int i = 0; i < counts.length; i++) {
        effective += (double) uses[i] * counts[i] / count;
        if (layer != layers.get(0)) {
          nonzero += counts[i];
          all += count;
        }
      }
    }
    return new Operations(
        all == 0 ? 1 : (double) nonzero / all,
        original.multiplyAdds(),
        architecture.multiplyAdds(),
        Math.round(effective));
  }

  /**
   * Adds by how many weights that are not zero each number is multiplied that a layer reads.
   *
   * @param uses {@code [channel][y][x]}, added to
   * @return multiplications of what is not among these numbers
   */
  private static long addUses(Network network, ParameterTensor weight, long[] uses) {
    Layer layer = network.architecture().layers().get(weight.layer()).whole();
    Shape in = network.architecture().shapes().get(weight.layer());
    int[] nonzeros = nonzeroRows(network, weight);
    if (network.architecture().isLeftFactor(weight)) {
      // What V has made of the input is hardly ever zero.
      return sum(nonzeros) * network.architecture().uses(weight);
    }
    switch (layer.kind()) {
      case DENSE -> {
        for (int i = 0; i < uses.length; i++) {
          uses[i] += nonzeros[i];
        }
      }
      case CONVOLUTION -> addUses((Layer.Convolution) layer, in, nonzeros, uses);
      case LSTM -> {
        if (weight.name().contains("_RW")) {
          // Before the first step units have said nothing.
          return sum(nonzeros) * (in.height() - 1);
        }
        int area = in.height() * in.width();
        for (int i = 0; i < uses.length; i++) {
          uses[i] += nonzeros[i / area * in.width() + i % in.width()];
        }
      }
      case SELF_ATTENTION -> {
        if (weight.name().contains("_Wo")) {
          return sum(nonzeros) * network.architecture().uses(weight);
        }
        int area = in.height() * in.width();
        for (int i = 0; i < uses.length; i++) {
          uses[i] += nonzeros[i / area];
        }
      }
      case STOCK -> {
        return sum(nonzeros) * network.architecture().uses(weight);
      }
      case POOLING,
              BATCH_NORMALIZATION,
              SHORTCUT,
              POSITIONS,
              LAYER_NORMALIZATION,
              SPARSE_ACTIVATION,
              FACTORED ->
          throw new IllegalArgumentException(weight + " is no weight");
    }
    return 0;
  }

  /** Each number under the taps of all windows that are laid on it. */
  private static void addUses(Layer.Convolution layer, Shape in, int[] nonzeros, long[] uses) {
    int height = layer.vertical().kernel();
    int width = layer.horizontal().kernel();
    for (int c = 0; c < in.channels(); c++) {
      for (int y = 0; y < in.height(); y++) {
        for (int x = 0; x < in.width(); x++) {
          long sum = 0;
          for (int ky = 0; ky < height; ky++) {
            for (int kx = 0; kx < width; kx++) {
              if (isWindow(y - ky, in.height(), layer.vertical())
                  && isWindow(x - kx, in.width(), layer.horizontal())) {
                sum += nonzeros[(c * height + ky) * width + kx];
              }
            }
          }
          uses[(c * in.height() + y) * in.width() + x] += sum;
        }
      }
    }
  }

  /** Whether a window begins there. */
  private static boolean isWindow(int place, int side, Layer.Axis axis) {
    int from = place + axis.padding();
    return from >= 0
        && from % axis.stride() == 0
        && from + axis.kernel() <= side + 2 * axis.padding();
  }

  private static long sum(int[] numbers) {
    long sum = 0;
    for (int number : numbers) {
      sum += number;
    }
    return sum;
  }

  /** For each column of a weight, how many of its rows are not zero there. */
  private static int[] nonzeroRows(Network network, ParameterTensor weight) {
    int[] nonzeros = new int[weight.columns()];
    for (int row = 0; row < weight.rows(); row++) {
      int from = weight.offset() + row * weight.columns();
      for (int column = 0; column < nonzeros.length; column++) {
        nonzeros[column] += network.parameters()[from + column] == 0 ? 0 : 1;
      }
    }
    return nonzeros;
  }
}
