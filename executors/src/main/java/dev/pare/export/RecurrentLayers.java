package dev.pare.export;

import dev.pare.graph.Gru;
import dev.pare.graph.Lstm;
import dev.pare.graph.Shape;
import java.util.Map;

/** Recurrent layers, whose steps are the rows of an image. */
final class RecurrentLayers {
  /** Pare has cell, forget, output and input gates; ONNX input, output, forget and cell. */
  private static final int LSTM_GATES = 4;

  private static final int GRU_GATES = 3;

  private RecurrentLayers() {}

  static Value lstm(Lstm layer, Place place) {
    int units = layer.units();
    Rows rows = row -> (LSTM_GATES - 1 - row / units) * units + row % units;
    float[] own = place.values("b");
    float[] biases = new float[2 * own.length];
    for (int row = 0; row < own.length; row++) {
      biases[row] = own[rows.at(row)];
    }
    return recurrent(
        "LSTM",
        Map.of("hidden_size", units),
        LSTM_GATES,
        units,
        layer.output(),
        rows,
        biases,
        place);
  }

  static Value gru(Gru layer, Place place) {
    int units = layer.units();
    float[] own = place.values("b");
    float[] ofUnits = place.values("Rb");
    float[] biases = new float[2 * own.length];
    System.arraycopy(own, 0, biases, 0, own.length);
    System.arraycopy(ofUnits, 0, biases, biases.length - units, units);
    return recurrent(
        "GRU",
        Map.of("hidden_size", units, "linear_before_reset", 1),
        GRU_GATES,
        units,
        layer.output(),
        Rows.SAME,
        biases,
        place);
  }

  private static Value recurrent(
      String operator,
      Map<String, ?> attributes,
      int gates,
      int units,
      Lstm.Steps output,
      Rows rows,
      float[] biases,
      Place place) {
    OnnxModel model = place.model();
    Value read = place.image();
    Shape shape = read.shape();
    int features = shape.channels() * shape.width();
    String rowsFirst = model.node("Transpose", Map.of("perm", new int[] {2, 0, 1, 3}), read.name());
    String steps =
        model.node("Reshape", Map.of(), rowsFirst, model.vector("sides", 0, 0, features));
    String[] made =
        model.nodeOf(
            operator,
            attributes,
            2,
            steps,
            place.weight("W", rows, 1, gates * units, features),
            place.weight("RW", rows, 1, gates * units, units),
            model.floats("b", new int[] {1, biases.length}, biases));
    return output == Lstm.Steps.ALL
        ? place.imageOf("Transpose", Map.of("perm", new int[] {2, 3, 0, 1}), made[0])
        : place.vectorOf("Squeeze", Map.of(), made[1], model.vector("axes", 0));
  }
}
