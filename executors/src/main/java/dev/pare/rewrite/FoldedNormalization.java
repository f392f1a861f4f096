package dev.pare.rewrite;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.SparseFloatTensor;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Node;
import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Networks without the batch normalization that directly follows a layer without activation, dense
 * or a convolution, that makes each unit by a row of weights: it becomes part of that layer's
 * weights and biases (Jacob et al. 2018, section 3.2, after training). Any other stays, and so does
 * one whose layer is not held as floats or has its sums read by a shortcut.
 */
public final class FoldedNormalization {
  private FoldedNormalization() {}

  /** The same function up to rounding, with four tensors fewer for each layer folded. */
  public static CompressedNetwork apply(CompressedNetwork network) {
    Architecture architecture = network.architecture();
    List<ParameterTensor> places = architecture.tensors();
    List<List<CompressedTensor>> tensors = new ArrayList<>();
    architecture.nodes().forEach(node -> tensors.add(new ArrayList<>()));
    for (int t = 0; t < places.size(); t++) {
      tensors.get(places.get(t).layer()).add(network.tensors().get(t));
    }
    List<Node> nodes = new ArrayList<>();
    List<CompressedTensor> left = new ArrayList<>();
    // Where each layer's output comes from now.
    int[] moved = new int[tensors.size()];
    Map<Integer, Activation> folded = new HashMap<>();
    for (int i = 0; i < moved.length; i++) {
      if (architecture.layers().get(i) instanceof BatchNormalization normalization
          && isLinear(architecture, architecture.source(i))
          && isFolded(
              tensors.get(architecture.source(i)), tensors.get(i), normalization.epsilon())) {
        folded.put(architecture.source(i), normalization.activation());
        tensors.get(i).clear();
        moved[i] = -1;
      }
    }
    for (int i = 0; i < moved.length; i++) {
      if (moved[i] < 0) {
        moved[i] = moved[architecture.source(i)];
        continue;
      }
      Node node = architecture.nodes().get(i).moved(index -> moved[index]);
      moved[i] = nodes.size();
      nodes.add(
          folded.containsKey(i) ? node.with(node.layer().withActivation(folded.get(i))) : node);
      left.addAll(tensors.get(i));
    }
    return folded.isEmpty()
        ? network
        : new CompressedNetwork(new Architecture(architecture.input(), nodes), left);
  }

  /** Whether normalization of what a layer makes can become part of it, as nobody else reads it. */
  private static boolean isLinear(Architecture architecture, int index) {
    if (index == Node.NETWORK_INPUT || architecture.readers(index).size() != 1) {
      return false;
    }
    List<ParameterTensor> tensors = architecture.tensors(index);
    return architecture.layers().get(index).activation() == Activation.IDENTITY
        && tensors.size() == 2
        && tensors.get(0).role() == Role.WEIGHT
        && tensors.get(0).parameter().rowAxis() == Axis.OUTPUTS
        && tensors.get(1).role() == Role.BIAS
        && tensors.get(1).size() == tensors.get(0).rows();
  }

  /**
   * Puts normalization into a layer's weight and bias, if that can be.
   *
   * @param tensors the two, replaced
   * @param normalization its factors, summands, means and variances
   */
  private static boolean isFolded(
      List<CompressedTensor> tensors, List<CompressedTensor> normalization, float epsilon) {
    CompressedTensor weight = tensors.get(0);
    CompressedTensor bias = tensors.get(1);
    if (!isFloat(weight) || !isFloat(bias)) {
      return false;
    }
    float[] gamma = normalization.get(0).toFloats();
    float[] beta = normalization.get(1).toFloats();
    float[] mean = normalization.get(2).toFloats();
    float[] variance = normalization.get(3).toFloats();
    float[] weights = weight.toFloats();
    float[] biases = bias.toFloats();
    int columns = weight.columns();
    for (int row = 0; row < biases.length; row++) {
      double factor = gamma[row] / Math.sqrt((double) variance[row] + epsilon);
      if (!Double.isFinite(factor)) {
        return false;
      }
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        weights[i] = (float) (weights[i] * factor);
      }
      biases[row] = (float) ((biases[row] - (double) mean[row]) * factor + beta[row]);
    }
    tensors.set(
        0,
        weight instanceof SparseFloatTensor
            ? SparseFloatTensor.of(weight.rows(), columns, weights)
            : new FloatTensor(weight.rows(), columns, weights));
    tensors.set(1, new FloatTensor(1, biases.length, biases));
    return true;
  }

  private static boolean isFloat(CompressedTensor tensor) {
    return tensor instanceof FloatTensor || tensor instanceof SparseFloatTensor;
  }
}
