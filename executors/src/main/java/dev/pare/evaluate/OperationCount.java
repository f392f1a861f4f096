package dev.pare.evaluate;

import dev.pare.candidate.Operations;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter;
import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Shape;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.Window;
import dev.pare.train.ActiveInputs;
import java.util.List;
import java.util.Map;

/**
 * Counts a network's multiply-adds, and how many of them matter since neither the weight nor the
 * number it is multiplied by is zero.
 *
 * <p>What LSTMs and attention read of their own (an LSTM's last step, weighted sums of values),
 * both numbers of products of two activations, and what layers that DL4J runs read counts as not
 * zero.
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
    List<ParameterTensor> weights = architecture.weights();
    List<Integer> layers = weights.stream().map(ParameterTensor::layer).distinct().toList();
    int count = Math.min(EXAMPLES, examples.size());
    Examples some = SubsetExamples.spread(examples, count);
    Map<Integer, long[]> active = ActiveInputs.count(network, layers, some);
    long nonzero = 0;
    long all = 0;
    double effective = architecture.products();
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
    Architecture architecture = network.architecture();
    Layer layer = architecture.layers().get(weight.layer()).whole();
    Shape in = architecture.inputShape(weight.layer());
    int[] nonzeros = nonzeroRows(network, weight);
    Parameter parameter = weight.parameter();
    if (parameter.columnAxis() != Axis.INPUTS) {
      // Before the first step units have made nothing. All else is hardly ever zero.
      boolean recurrent =
          parameter.rowAxis() == Axis.GATES && parameter.columnAxis() == Axis.OUTPUTS;
      return sum(nonzeros) * (architecture.uses(weight) - (recurrent ? 1 : 0));
    }
    if (layer instanceof Convolution convolution) {
      addUses(convolution, in, nonzeros, uses);
      return 0;
    }
    if (layer instanceof TransposedConvolution convolution) {
      // Each number is multiplied by all of its channel's taps.
      for (int i = 0; i < uses.length; i++) {
        int first = i / in.places() * convolution.area();
        for (int tap = first; tap < first + convolution.area(); tap++) {
          uses[i] += nonzeros[tap];
        }
      }
      return 0;
    }
    // Columns for each place of a channel, for each of a row's, or one for all.
    int each = weight.columns() / in.channels();
    for (int i = 0; i < uses.length; i++) {
      int place = i % in.places();
      uses[i] +=
          nonzeros[
              i / in.places() * each + (each == in.places() ? place : place % in.width() % each)];
    }
    return 0;
  }

  /** Each number under the taps of all windows that are laid on it. */
  private static void addUses(Convolution layer, Shape in, int[] nonzeros, long[] uses) {
    int height = layer.vertical().kernel();
    int width = layer.horizontal().kernel();
    for (int c = 0; c < in.channels(); c++) {
      for (int y = 0; y < in.height(); y++) {
        for (int x = 0; x < in.width(); x++) {
          long sum = 0;
          for (int ky = 0; ky < height; ky++) {
            for (int kx = 0; kx < width; kx++) {
              if (isWindow(y, ky, in.height(), layer.vertical())
                  && isWindow(x, kx, in.width(), layer.horizontal())) {
                sum += nonzeros[(c * height + ky) * width + kx];
              }
            }
          }
          uses[(c * in.height() + y) * in.width() + x] += sum;
        }
      }
    }
  }

  /** Whether a window sees a place by its k-th one. */
  private static boolean isWindow(int place, int k, int side, Window window) {
    int from = place - k * window.dilation() + window.before();
    return from >= 0
        && from % window.stride() == 0
        && from + window.span() <= side + window.before() + window.after();
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
