package dev.pare.regularize;

import dev.pare.candidate.Regularize.Penalty;
import dev.pare.model.Architecture;
import dev.pare.model.Layer;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import java.util.ArrayList;
import java.util.List;

/** Which weights a group lasso takes together. */
final class Groups {
  private Groups() {}

  /** The parameters of each group, ascending. */
  static List<int[]> of(Penalty penalty, Architecture architecture) {
    List<ParameterTensor> weights =
        architecture.tensors().stream().filter(t -> t.role() == Role.WEIGHT).toList();
    List<int[]> groups = new ArrayList<>();
    switch (penalty) {
      case GROUP_LASSO_UNITS -> {
        // Each class keeps its unit.
        for (ParameterTensor tensor : weights.subList(0, weights.size() - 1)) {
          addRows(tensor, groups);
        }
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
    Layer layer = architecture.layers().get(tensor.layer());
    int channels = architecture.shapes().get(tensor.layer()).channels();
    return switch (layer.kind()) {
      case DENSE -> tensor.layer() == 0 ? 1 : tensor.columns() / channels;
      case CONVOLUTION -> ((Layer.Convolution) layer).area();
      case LSTM, SELF_ATTENTION -> 1;
      case POOLING,
              SHORTCUT,
              BATCH_NORMALIZATION,
              POSITIONS,
              LAYER_NORMALIZATION,
              SPARSE_ACTIVATION,
              FACTORED,
              STOCK ->
          throw new IllegalArgumentException("no known inputs: " + layer);
    };
  }
}
