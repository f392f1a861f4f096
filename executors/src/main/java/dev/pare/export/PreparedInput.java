package dev.pare.export;

import dev.pare.graph.Architecture;
import dev.pare.graph.Node;
import dev.pare.graph.Shape;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.List;
import java.util.Map;
import onnx.Onnx.TensorProto;

/** What leads from raw values to what the first layers read. */
final class PreparedInput {
  /** The input of a model that has but one. */
  static final String INPUT = "input";

  private PreparedInput() {}

  /**
   * Whether a model has an input for each column, as categories are texts and numbers are not; else
   * it has one input for all.
   */
  static boolean isByColumn(Preparation preparation) {
    return preparation.columns().stream()
        .anyMatch(column -> column.kind() == Column.Kind.CATEGORICAL);
  }

  /** Adds a model's inputs, and all that is done to them before the first layer. */
  static Value add(OnnxModel model, Architecture architecture, Preparation preparation) {
    Shape shape = architecture.outputShape(Node.NETWORK_INPUT);
    Value features;
    if (isByColumn(preparation)) {
      features = new Value(byColumn(model, preparation), shape, true);
    } else if (!preparation.columns().isEmpty()) {
      features = new Value(numbers(model, preparation), shape, true);
    } else if (shape.isPoint()) {
      String input = model.input(INPUT, TensorProto.DataType.FLOAT, shape.channels());
      features = new Value(input, shape, true);
    } else {
      String input =
          model.input(
              INPUT, TensorProto.DataType.FLOAT, shape.channels(), shape.height(), shape.width());
      features = new Value(input, shape, false);
    }
    model.within("input");
    float divisor = architecture.input().divisor();
    if (divisor != 1) {
      String number = model.number("divisor", divisor);
      features = features.named(model.node("Div", Map.of(), features.name(), number));
    }
    return shape.isPoint() ? features : model.image(features);
  }

  /** All numbers at once. */
  private static String numbers(OnnxModel model, Preparation preparation) {
    List<Column.Numeric> columns =
        preparation.columns().stream().map(Column.Numeric.class::cast).toList();
    String input = model.input(INPUT, TensorProto.DataType.FLOAT, columns.size());
    model.within("preparation");
    return standardized(model, input, columns);
  }

  private static String byColumn(OnnxModel model, Preparation preparation) {
    List<Column> columns = preparation.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().isEmpty()) {
        throw new ExportException("column " + i + " has no name, which an input must have");
      }
      model.input(
          columns.get(i).name(),
          switch (columns.get(i).kind()) {
            case NUMERIC -> TensorProto.DataType.FLOAT;
            case CATEGORICAL -> TensorProto.DataType.STRING;
          },
          1);
    }
    model.within("preparation");
    String[] features = new String[columns.size()];
    for (int i = 0; i < features.length; i++) {
      Column column = columns.get(i);
      features[i] =
          switch (column.kind()) {
            case NUMERIC -> standardized(model, column.name(), List.of((Column.Numeric) column));
            case CATEGORICAL -> oneHot(model, column.name(), (Column.Categorical) column);
          };
    }
    return model.node("Concat", Map.of("axis", 1), features);
  }

  private static String oneHot(OnnxModel model, String input, Column.Categorical column) {
    String encoded =
        model.mlNode(
            "OneHotEncoder",
            Map.of(
                "cats_strings",
                column.categories(),
                "zeros",
                column.others() == Column.Others.ZEROS ? 1 : 0),
            input);
    return model.node(
        "Reshape", Map.of(), encoded, model.vector("sides", 0, column.categories().size()));
  }

  /** Missing numbers, which are NaN, filled in, then all standardized. */
  private static String standardized(OnnxModel model, String input, List<Column.Numeric> columns) {
    int count = columns.size();
    float[] fills = new float[count];
    float[] means = new float[count];
    float[] deviations = new float[count];
    boolean fill = false;
    boolean scale = false;
    for (int i = 0; i < count; i++) {
      Column.Numeric column = columns.get(i);
      fills[i] = column.fill();
      means[i] = column.mean();
      deviations[i] = column.deviation();
      fill |= column.fills();
      scale |= means[i] != 0 || deviations[i] != 1;
    }
    int[] dims = {1, count};
    String numbers = input;
    if (fill) {
      String missing = model.node("IsNaN", Map.of(), numbers);
      numbers = model.node("Where", Map.of(), missing, model.floats("fill", dims, fills), numbers);
    }
    if (scale) {
      numbers = model.node("Sub", Map.of(), numbers, model.floats("mean", dims, means));
      numbers = model.node("Div", Map.of(), numbers, model.floats("deviation", dims, deviations));
    }
    return numbers;
  }
}
