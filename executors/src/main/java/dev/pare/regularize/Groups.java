package dev.pare.regularize;

import dev.pare.candidate.Regularize.Penalty;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Node;
import dev.pare.graph.Parameter;
import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which weights a group lasso takes together. */
final class Groups {
  private Groups() {}

  /** The parameters of each group, ascending. */
  static List<int[]> of(Penalty penalty, Architecture architecture) {
    List<ParameterTensor> weights = architecture.weights();
    List<int[]> groups = new ArrayList<>();
    switch (penalty) {
      case GROUP_LASSO_UNITS -> {
        // Each class keeps its unit.
        Set<Integer> outputs = architecture.outputLayers();
        weights.stream()
            .filter(tensor -> !outputs.contains(tensor.layer()))
            .forEach(tensor -> addRows(tensor, groups));
      }
      case GROUP_LASSO_INPUTS -> {
        for (ParameterTensor tensor : weights) {
          addInputs(tensor, columns(architecture, tensor), groups);
        }
      }
      case NONE, L1, L0, VARIATIONAL_DROPOUT ->
          throw new IllegalArgumentException("no penalty of groups: " + penalty);
    }
    return groups;
  }

  private static void addRows(ParameterTensor tensor, List<int[]> groups) {
    for (int row = 0; row < tensor.rows(); row++) {
      int[] group = new int[tensor.columns()];
      for (int i = 0; i < group.length; i++) {
        group[i] = tensor.offset() + row * tensor.columns() + i;
      }
      groups.add(group);
    }
  }

  private static void addInputs(ParameterTensor tensor, int each, List<int[]> groups) {
    int inputs = tensor.columns() / each;
    if (inputs == 1) {
      // Without its one input a layer is nothing.
      return;
    }
    for (int input = 0; input < inputs; input++) {
      int[] group = new int[tensor.rows() * each];
      for (int i = 0; i < group.length; i++) {
        group[i] = tensor.offset() + i / each * tensor.columns() + input * each + i % each;
      }
      groups.add(group);
    }
  }

  /** How many columns of a weight matrix read one input: a feature, or a channel. */
  private static int columns(Architecture architecture, ParameterTensor tensor) {
    Parameter parameter = tensor.parameter();
    int source = architecture.source(tensor.layer());
    boolean single =
        parameter.rowAxis() == Axis.GATES
            || parameter.columnAxis() == Axis.OUTPUTS
            || parameter.columnAxis() == Axis.HEADS
            || source == Node.NETWORK_INPUT
                && architecture.layers().get(tensor.layer()) instanceof Dense;
    if (single) {
      return 1;
    }
    // Filters of groups have no input in common.
    return parameter.columnAxis() == Axis.INPUTS
        ? tensor.columns() / architecture.outputShape(source).channels()
        : tensor.columns();
  }
}
