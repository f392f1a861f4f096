package dev.pare.artifact;

import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.Layer;
import dev.pare.model.ParameterTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks without the batch normalization that directly follows a dense or convolution layer
 * without activation: it becomes part of that layer's weights and biases (Jacob et al. 2018,
 * section 3.2, after training). Any other stays, and so does one whose layer is not held as floats
 * or has its sums read by a shortcut.
 */
public final class FoldedNormalization {
  private FoldedNormalization() {}

  /** The same function up to rounding, with four tensors fewer for each layer folded. */
  public static CompressedNetwork apply(CompressedNetwork network) {
    List<Layer> layers = new ArrayList<>();
    List<CompressedTensor> tensors = new ArrayList<>();
    List<ParameterTensor> places = network.architecture().tensors();
    // Where each layer's output comes from now.
    int[] moved = new int[network.architecture().layers().size()];
    for (int i = 0; i < network.architecture().layers().size(); i++) {
      List<CompressedTensor> ofLayer = new ArrayList<>();
      for (int t = 0; t < places.size(); t++) {
        if (places.get(t).layer() == i) {
          ofLayer.add(network.tensors().get(t));
        }
      }
      Layer layer = network.architecture().layers().get(i);
      if (layer instanceof Layer.BatchNormalization normalization
          && !layers.isEmpty()
          && isLinear(layers.get(layers.size() - 1))
          && !network.architecture().isShortcutSource(i - 1)
          && isFolded(tensors, ofLayer, normalization.epsilon())) {
        layers.add(activated(layers.remove(layers.size() - 1), normalization.activation()));
      } else {
        layers.add(
            layer instanceof Layer.Shortcut shortcut
                ? new Layer.Shortcut(moved[shortcut.from()], shortcut.activation())
                : layer);
        tensors.addAll(ofLayer);
      }
      moved[i] = layers.size() - 1;
    }
    return layers.size() == network.architecture().layers().size()
        ? network
        : new CompressedNetwork(new Architecture(network.architecture().input(), layers), tensors);
  }

  private static boolean isLinear(Layer layer) {
    return layer instanceof Layer.Dense dense && dense.activation() == Activation.IDENTITY
        || layer instanceof Layer.Convolution convolution
            && convolution.activation() == Activation.IDENTITY;
  }

  private static Layer activated(Layer layer, Activation activation) {
    return layer instanceof Layer.Convolution c
        ? c.withActivation(activation)
        : new Layer.Dense(((Layer.Dense) layer).units(), activation);
  }

  /**
   * Puts normalization into the last two tensors, a layer's weight and bias, if that can be.
   *
   * @param normalization its factors, summands, means and variances
   */
  private static boolean isFolded(
      List<CompressedTensor> tensors, List<CompressedTensor> normalization, float epsilon) {
    CompressedTensor weight = tensors.get(tensors.size() - 2);
    CompressedTensor bias = tensors.get(tensors.size() - 1);
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
        tensors.size() - 2,
        weight instanceof SparseFloatTensor
            ? SparseFloatTensor.of(weight.rows(), columns, weights)
            : new FloatTensor(weight.rows(), columns, weights));
    tensors.set(tensors.size() - 1, new FloatTensor(1, biases.length, biases));
    return true;
  }

  private static boolean isFloat(CompressedTensor tensor) {
    return tensor instanceof FloatTensor || tensor instanceof SparseFloatTensor;
  }
}
