package dev.pare.csource;

import dev.pare.graph.ChannelPooling;
import dev.pare.graph.Interpolation;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import java.util.List;

/** Pooling, of places and of channels, and its opposite. */
final class PoolingLayers {
  private static final int NEIGHBOURS_BYTES = 20;

  private PoolingLayers() {}

  static void pooling(Pooling layer, Place place) {
    String x = place.input();
    String y = place.output();
    String windows =
        SummingLayers.windows(
            place, layer.vertical(), layer.horizontal(), place.shape(), place.inputShape());
    int channels = place.shape().channels();
    if (place.picksLevels()) {
      int zero = place.inputLevels(0).orElseThrow().zeroPoint();
      place.call("maximum_pool_levels", x, y, windows, channels, zero);
      return;
    }
    place.call(
        switch (layer.pool()) {
          case MAX -> "maximum_pool";
          case AVERAGE -> "average_pool";
        },
        x,
        y,
        windows,
        channels);
  }

  static void channels(ChannelPooling layer, Place place) {
    String x = place.input();
    String y = place.output();
    place.call(
        switch (layer.pool()) {
          case MAX -> place.picking("channel_maximum");
          case AVERAGE -> "channel_average";
        },
        x,
        y,
        place.inputShape().channels(),
        place.shape().size());
  }

  static void interpolation(Interpolation layer, Place place) {
    String x = place.input();
    String y = place.output();
    Shape in = place.inputShape();
    if (place.picksLevels()) {
      Program program = place.program();
      int[] rows = layer.neighbours(layer.vertical(), in.height()).first();
      int[] columns = layer.neighbours(layer.horizontal(), in.width()).first();
      place.call(
          "interpolate_levels",
          x,
          y,
          program.shorts(place.named("rows"), rows),
          program.shorts(place.named("columns"), columns),
          place.sides(in),
          place.sides(place.shape()));
      return;
    }
    String sides =
        place
            .program()
            .structures(
                "neighbours",
                place.named("neighbours"),
                NEIGHBOURS_BYTES,
                List.of(
                    side(
                        place,
                        "rows",
                        layer.neighbours(layer.vertical(), in.height()),
                        in.height()),
                    side(
                        place,
                        "columns",
                        layer.neighbours(layer.horizontal(), in.width()),
                        in.width())));
    place.call("interpolate", x, y, sides, in.channels());
  }

  private static String side(
      Place place, String name, Interpolation.Neighbours neighbours, int from) {
    Program program = place.program();
    return "{%s, %s, %s, %d, %d}"
        .formatted(
            program.shorts(place.named(name + "_first"), neighbours.first()),
            program.shorts(place.named(name + "_second"), neighbours.second()),
            program.floats(place.named(name + "_share"), neighbours.share()),
            from,
            neighbours.first().length);
  }
}
