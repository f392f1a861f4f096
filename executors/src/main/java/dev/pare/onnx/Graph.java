package dev.pare.onnx;

import java.util.List;
import java.util.Map;

/**
 * A network as its file has it.
 *
 * @param opset version of the operators
 * @param input name of what the network reads
 * @param inputDims sides of it; −1 where the file leaves one open
 * @param output name of what it makes
 * @param initializers constants by their names
 * @param nodes each after those whose outputs it reads; all lead to the output
 */
record Graph(
    int opset,
    String input,
    List<Integer> inputDims,
    String output,
    Map<String, Tensor> initializers,
    List<OnnxNode> nodes) {
  Graph {
    inputDims = List.copyOf(inputDims);
    initializers = Map.copyOf(initializers);
    nodes = List.copyOf(nodes);
  }
}
