package dev.pare.csource;

import dev.pare.graph.Arithmetic;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;

/** What reads several layers. */
final class JoiningLayers {
  private JoiningLayers() {}

  static void shortcut(Shortcut layer, Place place) {
    String x = place.input(0);
    String start = place.input(1);
    Shape first = place.inputShape(0);
    Shape second = place.inputShape(1);
    String y = start.equals(x) ? place.output() : place.inPlace();
    if (!y.equals(x)) {
      place.call("copy", x, y, place.shape().size());
    }
    place.call(
        "add_shortcut",
        start,
        y,
        second.channels(),
        second.height(),
        second.width(),
        first.height(),
        first.width(),
        Shortcut.stride(first, second));
    place.activate(layer.activation(), y);
  }

  static void arithmetic(Arithmetic layer, Place place) {
    String y = place.output();
    place.call(
        switch (layer.operation()) {
          case ADD -> "add_tensors";
          case SUBTRACT -> "subtract_tensors";
          case MULTIPLY -> "multiply_tensors";
          case DIVIDE -> "divide_tensors";
        },
        place.input(0),
        place.input(1),
        y,
        place.sides(place.inputShape(0)),
        place.sides(place.inputShape(1)),
        place.sides(place.shape()));
  }

  static void concatenation(Place place) {
    String y = place.output();
    int at = 0;
    for (int i = 0; i < place.inputs(); i++) {
      int size = place.inputShape(i).size();
      String to = y + " + " + at;
      if (place.inputLevels(i).isPresent() && !place.picksLevels()) {
        place.dequantizeInput(i, to);
      } else {
        place.call(place.picking("copy"), place.input(i), to, size);
      }
      at += size;
    }
  }
}
