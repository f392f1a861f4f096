package dev.pare.csource;

import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Shape;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.Window;
import java.util.List;

/** Dense layers, convolutions and embeddings: biases, and sums of products. */
final class SummingLayers {
  private static final int WINDOW_BYTES = 24;

  private SummingLayers() {}

  static void dense(Dense layer, Place place) {
    String x = place.input();
    String y = place.output();
    place.fill("b", y, layer.units(), 1);
    place.multiply("W", x, y, 1);
    place.activate(layer.activation(), y);
  }

  static void convolution(Convolution layer, Place place) {
    filters(
        "convolution",
        windows(place, layer.vertical(), layer.horizontal(), place.shape(), place.inputShape()),
        layer.groups(),
        place);
    place.activate(layer.activation(), place.program().made(place.index()));
  }

  static void transposed(TransposedConvolution layer, Place place) {
    filters(
        "transposed_convolution",
        windows(place, layer.vertical(), layer.horizontal(), place.inputShape(), place.shape()),
        layer.groups(),
        place);
    place.activate(layer.activation(), place.program().made(place.index()));
  }

  private static void filters(String function, String windows, int groups, Place place) {
    String x = place.input();
    String y = place.output();
    Shape shape = place.shape();
    int channels = place.inputShape().channels() / groups;
    int filters = shape.channels() / groups;
    Place.Product product =
        (weights, from, to) -> place.call(function, weights, from, to, windows, channels, filters);
    place.fill("b", y, shape.channels(), shape.places());
    if (groups == 1) {
      place.product("W", x, y, shape.places(), product);
    } else {
      place.wholeProduct("W", x, y, product);
    }
  }

  /** How windows lie along both sides of a shape. */
  static String windows(
      Place place, Window vertical, Window horizontal, Shape windows, Shape under) {
    place.program().library().use("window");
    return place
        .program()
        .structures(
            "window",
            place.named("windows"),
            WINDOW_BYTES,
            List.of(
                side(vertical, windows.height(), under.height()),
                side(horizontal, windows.width(), under.width())));
  }

  private static String side(Window window, int windows, int side) {
    return "{%d, %d, %d, %d, %d, %d}"
        .formatted(
            window.kernel(), window.stride(), window.dilation(), window.before(), windows, side);
  }

  static void embedding(Embedding layer, Place place) {
    String x = place.input();
    String y = place.output();
    int steps = place.inputShape().size();
    place.call("clear", y, place.shape().size());
    place.product(
        "W", x, y, steps, (weights, from, to) -> place.call("embed", weights, from, to, steps));
  }
}
