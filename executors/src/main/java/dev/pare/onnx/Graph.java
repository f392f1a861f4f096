package dev.pare.onnx;

import java.util.List;
import java.util.Map;
import onnx.Onnx.TensorProto.DataType;

/**
 * A network as its file has it.
 *
 * @param opset version of the operators
 * @param inputs what the network reads, at least one
 * @param output name of what it makes
 * @param initializers constants by their names
 * @param nodes each after those whose outputs it reads; all lead to the output
 */
record Graph(
    int opset,
    List<Input> inputs,
    String output,
    Map<String, Tensor> initializers,
    List<OnnxNode> nodes) {
  /**
   * What the network reads.
   *
   * @param type of its numbers
   * @param dims its sides; −1 where the file leaves one open
   */
  record Input(String name, DataType type, List<Integer> dims) {
    Input {
      dims = List.copyOf(dims);
    }

    @Override
    public String toString() {
      return OnnxException.shown(name) + ": " + text();
    }

    /** Its sides as messages have them. */
    String text() {
      return String.join(
          "×", dims.stream().map(dim -> dim < 0 ? "?" : String.valueOf(dim)).toList());
    }
  }

  Graph {
    inputs = List.copyOf(inputs);
    initializers = Map.copyOf(initializers);
    nodes = List.copyOf(nodes);
  }
}
