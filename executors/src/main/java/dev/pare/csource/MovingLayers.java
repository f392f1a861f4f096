package dev.pare.csource;

import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Crop;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Shape;
import dev.pare.graph.ZeroPadding;
import java.util.ArrayList;
import java.util.List;

/** Layers whose every output is one of the numbers that they read, or zero. */
final class MovingLayers {
  private MovingLayers() {}

  static void selection(ChannelSelection layer, Place place) {
    String x = place.input();
    String y = place.output();
    int[] channels = layer.channels().stream().mapToInt(Integer::intValue).toArray();
    place.call(
        place.picking("select_channels"),
        x,
        y,
        place.program().shorts(place.named("channels"), channels),
        channels.length,
        place.shape().places());
  }

  static void crop(Crop layer, Place place) {
    move(place, layer.top(), layer.left(), 1);
  }

  static void padding(ZeroPadding layer, Place place) {
    move(place, -layer.top(), -layer.left(), 1);
  }

  static void reversal(Place place) {
    move(place, place.inputShape().height() - 1, 0, -1);
  }

  private static void move(Place place, int top, int left, int step) {
    String x = place.input();
    String y = place.output();
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                x,
                y,
                place.shape().channels(),
                sides(place, place.inputShape()),
                sides(place, place.shape()),
                top,
                left,
                step));
    if (place.picksLevels()) {
      arguments.add(place.inputLevels(0).orElseThrow().zeroPoint());
    }
    place.call(place.picking("move"), arguments.toArray());
  }

  private static String sides(Place place, Shape shape) {
    String name = "sides_%d_%d".formatted(shape.height(), shape.width());
    return place.program().ints(name, shape.height(), shape.width());
  }

  static void rearrangement(Rearrangement layer, Place place) {
    String x = place.input();
    String y = place.output();
    if (layer.sides().isEmpty()) {
      // One number.
      rearranged(layer, place, x, y, new int[] {1}, new int[] {0});
      return;
    }
    rearranged(
        layer,
        place,
        x,
        y,
        layer.sides().stream().mapToInt(Integer::intValue).toArray(),
        layer.strides().stream().mapToInt(Integer::intValue).toArray());
  }

  private static void rearranged(
      Rearrangement layer, Place place, String x, String y, int[] sides, int[] strides) {
    String sideTable = place.program().ints(place.named("sides"), sides);
    String strideTable = place.program().ints(place.named("strides"), strides);
    if (!layer.isWithinChannels()) {
      String from = x + " + " + layer.first();
      int size = place.shape().size();
      place.call(place.picking("rearrange"), from, y, size, sideTable, strideTable, sides.length);
      return;
    }
    int count = place.shape().places();
    place.program().open("for (int32_t c = 0; c < %d; c++)".formatted(place.shape().channels()));
    place.call(
        place.picking("rearrange"),
        "%s + c * %d + %d".formatted(x, place.inputShape().places(), layer.first()),
        "%s + c * %d".formatted(y, count),
        count,
        sideTable,
        strideTable,
        sides.length);
    place.program().close();
  }
}
