package dev.pare.export;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.graph.ParameterTensor;

/** The parameters of a network on their way into a model. */
final class Weights {
  private final CompressedNetwork network;

  Weights(CompressedNetwork network) {
    this.network = network;
  }

  /** All values of a tensor. */
  float[] values(ParameterTensor place) {
    return network.tensors().get(network.architecture().tensors().indexOf(place)).toFloats();
  }

  /**
   * Adds a weight to a model.
   *
   * @param order which of the tensor's rows each row is
   * @return the name of its values, of these sides
   */
  String add(OnnxModel model, ParameterTensor place, Rows order, int... dims) {
    float[] values = values(place);
    float[] ordered = new float[values.length];
    int columns = place.columns();
    for (int row = 0; row < place.rows(); row++) {
      System.arraycopy(values, order.at(row) * columns, ordered, row * columns, columns);
    }
    return model.floats(place.parameter().name(), dims, ordered);
  }
}
