package dev.pare.export;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;

/** The parameters of a network on their way into a model. */
final class Weights {
  private final CompressedNetwork network;
  private final WeightForm form;
  private final Network written;

  Weights(CompressedNetwork network, WeightForm form) {
    this.network = network;
    this.form = form;
    this.written = network.toNetwork();
  }

  /** The network with what the model has of it so far. */
  Network written() {
    return written;
  }

  /** All values of a tensor. */
  float[] values(ParameterTensor place) {
    return network.tensors().get(index(place)).toFloats();
  }

  private int index(ParameterTensor place) {
    return network.architecture().tensors().indexOf(place);
  }

  /**
   * Adds a weight to a model.
   *
   * @param order which of the tensor's rows each row is
   * @return the name of its values, of these sides
   */
  String add(
      OnnxModel model, ParameterTensor place, Rows order, Matrix.Layout layout, int... dims) {
    return add(model, place, new Matrix(network.tensors().get(index(place)), order, layout), dims);
  }

  /**
   * Adds a weight to a model, rows as they are.
   *
   * @param leastSteps of each row, from one level to the next where it is quantized
   * @return the name of its values, of these sides
   */
  String add(OnnxModel model, ParameterTensor place, float[] leastSteps, int... dims) {
    Matrix matrix = new Matrix(network.tensors().get(index(place)), Rows.SAME, Matrix.Layout.ROWS);
    matrix.leastSteps(leastSteps);
    return add(model, place, matrix, dims);
  }

  private String add(OnnxModel model, ParameterTensor place, Matrix matrix, int... dims) {
    String name = place.parameter().name();
    String added = form.add(model, name, matrix, dims);
    if (added == null) {
      return model.floats(name, dims, matrix.values());
    }
    matrix.restore(written.parameters(), place.offset());
    return added;
  }
}
