package dev.pare.quantize;

import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.List;

/** The tensors that are trained as they are, and where their values lie among the variables. */
final class PlainTensors {
  private final List<Part> parts = new ArrayList<>();

  private record Part(ParameterTensor tensor, int from) {}

  void add(ParameterTensor tensor, int from) {
    parts.add(new Part(tensor, from));
  }

  /** Of each of their parameters, the variable that it is. */
  void copySources(int[] sources) {
    for (Part part : parts) {
      for (int i = 0; i < part.tensor().size(); i++) {
        sources[part.tensor().offset() + i] = part.from() + i;
      }
    }
  }

  void copyToParameters(float[] variables, float[] parameters) {
    for (Part part : parts) {
      ParameterTensor tensor = part.tensor();
      System.arraycopy(variables, part.from(), parameters, tensor.offset(), tensor.size());
    }
  }

  void copyFromParameters(float[] parameters, float[] variables) {
    for (Part part : parts) {
      ParameterTensor tensor = part.tensor();
      System.arraycopy(parameters, tensor.offset(), variables, part.from(), tensor.size());
    }
  }
}
