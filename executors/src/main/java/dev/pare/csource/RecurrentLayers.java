package dev.pare.csource;

import dev.pare.graph.Gru;
import dev.pare.graph.Lstm;
import dev.pare.graph.Shape;

/** LSTMs and GRUs, a step after the other. */
final class RecurrentLayers {
  private RecurrentLayers() {}

  static void lstm(Lstm layer, Place place) {
    int units = layer.units();
    String x = place.input();
    String y = place.output();
    String sums = place.scratch("sums", 4L * units);
    String cells = place.scratch("cells", units);
    place.call("clear", cells, units);
    steps(
        place,
        x,
        y,
        units,
        (read, hidden) -> {
          place.fill("b", sums, 4 * units, 1);
          place.multiply("W", read, sums, 1);
          place.multiply("RW", hidden, sums, 1);
          place.call("lstm_step", sums, cells, hidden, units);
        });
  }

  static void gru(Gru layer, Place place) {
    int units = layer.units();
    String x = place.input();
    String y = place.output();
    String ofInput = place.scratch("of_input", 3L * units);
    String ofUnits = place.scratch("of_units", 3L * units);
    steps(
        place,
        x,
        y,
        units,
        (read, hidden) -> {
          place.fill("b", ofInput, 3 * units, 1);
          place.multiply("W", read, ofInput, 1);
          place.call("clear", ofUnits, 2 * units);
          place.fill("Rb", ofUnits + " + " + 2 * units, units, 1);
          place.multiply("RW", hidden, ofUnits, 1);
          place.call("gru_step", ofInput, ofUnits, hidden, units);
        });
  }

  private interface Step {
    void write(String read, String hidden);
  }

  private static void steps(Place place, String x, String y, int units, Step step) {
    Shape in = place.inputShape();
    int kept = place.shape().size() / units;
    String read = place.scratch("read", (long) in.channels() * in.width());
    String hidden = kept == 1 ? y : place.scratch("hidden", units);
    place.call("clear", hidden, units);
    place.program().open("for (int32_t step = 0; step < %d; step++)".formatted(in.height()));
    place.call("read_step", x, read, "step", in.channels(), in.height(), in.width());
    step.write(read, hidden);
    if (kept > 1) {
      place.call("write_step", hidden, y, "step", units, kept);
    }
    place.program().close();
  }
}
