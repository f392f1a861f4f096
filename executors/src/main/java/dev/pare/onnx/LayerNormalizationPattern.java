package dev.pare.onnx;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalization as exporters write it for opsets before 17, which have no operator for it:
 * {@code (x − mean(x)) / √(mean((x − mean(x))²) + ε) · γ + β}, its means over one axis.
 */
final class LayerNormalizationPattern {
  /** What it becomes: the operator is over all axes from one on. */
  static final String OPERATOR = "LayerNormalization along one axis";

  private final Links links;

  LayerNormalizationPattern(Links links) {
    this.links = links;
  }

  /**
   * One node for nine.
   *
   * @param last whose output the one node makes
   */
  record Found(OnnxNode last, OnnxNode node) {}

  /** What ends with this quotient, if it is one. */
  Optional<Found> endingWith(OnnxNode quotient) {
    if (!quotient.operator().equals("Div")) {
      return Optional.empty();
    }
    OnnxNode deviation = maker(quotient, 0, "Sub");
    OnnxNode root = maker(quotient, 1, "Sqrt");
    OnnxNode sum = maker(root, 0, "Add");
    OnnxNode variance = mean(sum);
    OnnxNode mean = maker(deviation, 1, "ReduceMean");
    if (deviation == null
        || sum == null
        || sum.inputs().size() != 2
        || variance == null
        || mean == null) {
      return Optional.empty();
    }
    String centred = deviation.outputs().get(0);
    Tensor epsilon = links.constant(other(sum, variance.outputs().get(0)));
    Optional<Long> axis = axis(mean);
    if (!mean.inputs().get(0).equals(deviation.inputs().get(0))
        || axis.isEmpty()
        || !axis.equals(axis(variance))
        || !isSquare(variance.inputs().get(0), centred)
        || epsilon == null
        || epsilon.size() != 1) {
      return Optional.empty();
    }
    OnnxNode last = quotient;
    String scale = "";
    String bias = "";
    OnnxNode product = onlyReader(last, "Mul");
    if (product != null && isAlong(other(product, last.outputs().get(0)), axis.get())) {
      scale = other(product, last.outputs().get(0));
      last = product;
    }
    OnnxNode shift = onlyReader(last, "Add");
    if (shift != null && isAlong(other(shift, last.outputs().get(0)), axis.get())) {
      bias = other(shift, last.outputs().get(0));
      last = shift;
    }
    return Optional.of(
        new Found(
            last,
            new OnnxNode(
                quotient.name(),
                OPERATOR,
                List.of(mean.inputs().get(0), scale, bias),
                last.outputs(),
                Map.of(
                    "axis",
                    new Attribute.Whole(axis.get()),
                    "epsilon",
                    new Attribute.Real((float) epsilon.number(0))))));
  }

  /** Whether there is a constant that may have a number for each index of an axis. */
  private boolean isAlong(String name, long axis) {
    Tensor constant = links.constant(name);
    if (constant == null) {
      return false;
    }
    int[] dims = constant.dims();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] != 1 && dims[i] != constant.size()
          || dims[i] != 1 && axis < 0 && i - dims.length != axis) {
        return false;
      }
    }
    return true;
  }

  private @Nullable OnnxNode maker(@Nullable OnnxNode reader, int input, String operator) {
    if (reader == null || input >= reader.inputs().size()) {
      return null;
    }
    OnnxNode node = links.maker(reader.inputs().get(input));
    return node != null && node.operator().equals(operator) && !node.inputs().isEmpty()
        ? node
        : null;
  }

  /** What of a sum is a mean. */
  private @Nullable OnnxNode mean(@Nullable OnnxNode sum) {
    OnnxNode first = maker(sum, 0, "ReduceMean");
    return first != null ? first : maker(sum, 1, "ReduceMean");
  }

  private static String other(OnnxNode node, String name) {
    return node.inputs().get(node.inputs().get(0).equals(name) ? 1 : 0);
  }

  private @Nullable OnnxNode onlyReader(OnnxNode node, String operator) {
    OnnxNode reader = links.onlyReader(node.outputs().get(0));
    return reader != null && reader.operator().equals(operator) && reader.inputs().size() == 2
        ? reader
        : null;
  }

  private Optional<Long> axis(OnnxNode mean) {
    List<Long> axes = mean.wholes("axes").orElse(null);
    if (axes == null && mean.inputs().size() > 1) {
      Tensor input = links.constant(mean.inputs().get(1));
      axes =
          input != null && input.type() == Tensor.Type.WHOLE && input.size() == 1
              ? List.of(input.wholes()[0])
              : null;
    }
    return axes != null && axes.size() == 1 && mean.whole("keepdims", 1) != 0
        ? Optional.of(axes.get(0))
        : Optional.empty();
  }

  private boolean isSquare(String name, String of) {
    OnnxNode node = links.maker(name);
    if (node == null || node.inputs().size() != 2 || !node.inputs().get(0).equals(of)) {
      return false;
    }
    if (node.operator().equals("Mul")) {
      return node.inputs().get(1).equals(of);
    }
    Tensor power = node.operator().equals("Pow") ? links.constant(node.inputs().get(1)) : null;
    return power != null && power.size() == 1 && power.number(0) == 2;
  }
}
