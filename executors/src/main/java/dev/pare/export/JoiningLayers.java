package dev.pare.export;

import dev.pare.graph.Arithmetic;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Window;
import dev.pare.graph.ZeroPadding;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Layers of several inputs, and those that only move numbers. */
final class JoiningLayers {
  private JoiningLayers() {}

  /** All inputs in one layout: vectors if they are, else images. */
  private static List<Value> alike(Place place) {
    return place.inputs().stream().allMatch(Value::flat)
        ? place.inputs()
        : place.inputs().stream().map(place.model()::image).toList();
  }

  private static Value of(
      Place place, List<Value> inputs, String operator, Map<String, ?> attributes) {
    String[] names = inputs.stream().map(Value::name).toArray(String[]::new);
    return new Value(
        place.model().node(operator, attributes, names), place.shape(), inputs.get(0).flat());
  }

  static Value arithmetic(Arithmetic layer, Place place) {
    String operator =
        switch (layer.operation()) {
          case ADD -> "Add";
          case SUBTRACT -> "Sub";
          case MULTIPLY -> "Mul";
          case DIVIDE -> "Div";
        };
    return of(place, alike(place), operator, Map.of());
  }

  static Value concatenation(Concatenation layer, Place place) {
    return of(place, alike(place), "Concat", Map.of("axis", 1));
  }

  static Value selection(ChannelSelection layer, Place place) {
    long[] channels = layer.channels().stream().mapToLong(channel -> channel).toArray();
    Value read = place.input();
    Value source = read.shape().isPoint() ? read : place.image();
    String indices = place.model().vector("channels", channels);
    return new Value(
        place.model().node("Gather", Map.of("axis", 1), source.name(), indices),
        place.shape(),
        source.flat());
  }

  /** What the second input lacks of channels gets nothing. */
  static Value shortcut(Shortcut layer, Place place) {
    OnnxModel model = place.model();
    Shape to = place.input().shape();
    Shape from = place.inputs().get(1).shape();
    List<Value> inputs = alike(place);
    Value first = inputs.get(0);
    Value second = inputs.get(1);
    int stride = Shortcut.stride(to, from);
    if (stride > 1) {
      Window every = new Window(1, stride, 0);
      second =
          second.named(model.node("MaxPool", WeightLayers.windows(every, every), second.name()));
    }
    int missing = to.channels() - from.channels();
    if (missing == 0) {
      return of(place, List.of(first, second), "Add", Map.of());
    }
    String[] parts =
        model.nodeOf(
            "Split",
            Map.of("axis", 1),
            2,
            first.name(),
            model.vector("split", from.channels(), missing));
    String sum = model.node("Add", Map.of(), parts[0], second.name());
    return of(place, List.of(first.named(sum), first.named(parts[1])), "Concat", Map.of("axis", 1));
  }

  static Value padding(ZeroPadding layer, Place place) {
    return place.imageOf(
        "Pad",
        Map.of(),
        place.image().name(),
        place
            .model()
            .vector("pads", 0, 0, layer.top(), layer.left(), 0, 0, layer.bottom(), layer.right()));
  }

  /** As a transpose if it is one, else by where each number comes from. */
  static Value rearrangement(Rearrangement layer, Place place) {
    OnnxModel model = place.model();
    Shape read = place.input().shape();
    int channels = layer.isWithinChannels() ? read.channels() : 1;
    int numbers = read.size() / channels;
    List<Integer> order =
        IntStream.range(0, layer.sides().size())
            .boxed()
            .sorted(Comparator.comparing(side -> -layer.strides().get(side)))
            .toList();
    String moved;
    if (layer.first() == 0 && isTranspose(layer, order, numbers)) {
      String sides = sides(model, channels, order.stream().map(layer.sides()::get).toList());
      moved = model.node("Reshape", Map.of(), model.vector(place.input()).name(), sides);
      int[] perm = new int[order.size() + 2];
      perm[1] = 1;
      for (int i = 0; i < order.size(); i++) {
        perm[i + 2] = order.indexOf(i) + 2;
      }
      moved = model.node("Transpose", Map.of("perm", perm), moved);
    } else {
      String lines =
          model.node(
              "Reshape",
              Map.of(),
              model.vector(place.input()).name(),
              sides(model, channels, List.of(numbers)));
      long[] places = IntStream.of(layer.places()).asLongStream().toArray();
      moved = model.node("Gather", Map.of("axis", 2), lines, model.vector("places", places));
    }
    Shape shape = place.shape();
    return place.imageOf(
        "Reshape",
        Map.of(),
        moved,
        model.vector("image", 0, shape.channels(), shape.height(), shape.width()));
  }

  /** Whether sides in this order, from the longest stride to the shortest, are the whole input. */
  private static boolean isTranspose(Rearrangement layer, List<Integer> order, int numbers) {
    long stride = 1;
    for (int i = order.size() - 1; i >= 0; i--) {
      int side = order.get(i);
      if (layer.sides().get(side) > 1 && layer.strides().get(side) != stride) {
        return false;
      }
      stride *= layer.sides().get(side);
    }
    return stride == numbers;
  }

  private static String sides(OnnxModel model, int channels, List<Integer> sides) {
    return model.vector(
        "sides",
        LongStream.concat(LongStream.of(0, channels), sides.stream().mapToLong(Integer::longValue))
            .toArray());
  }
}
