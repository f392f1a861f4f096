package dev.pare.export;

import dev.pare.graph.Mask;
import dev.pare.graph.MatrixProduct;
import dev.pare.graph.Positions;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import java.util.Map;

/** Self-attention, what comes with it, and its parts. */
final class AttentionLayers {
  private AttentionLayers() {}

  /** A number of its own for each of the input's. */
  static Value positions(Positions layer, Place place) {
    Shape shape = place.shape();
    int[] dims =
        place.input().flat()
            ? new int[] {1, shape.size()}
            : new int[] {1, shape.channels(), shape.height(), shape.width()};
    return place.likeInput("Add", Map.of(), place.model().floats("b", dims, place.values("b")));
  }

  /** Of matrices {@code [batch, height, width, channels]}. */
  static Value product(MatrixProduct layer, Place place) {
    OnnxModel model = place.model();
    String first = transposed(model, place.image().name(), 0, 2, 3, 1);
    String other = model.image(place.inputs().get(1)).name();
    String second =
        layer.second() == MatrixProduct.Form.PLAIN
            ? transposed(model, other, 0, 2, 3, 1)
            : transposed(model, other, 0, 2, 1, 3);
    return place.imageOf(
        "Transpose",
        Map.of("perm", new int[] {0, 3, 1, 2}),
        model.node("MatMul", Map.of(), first, second));
  }

  /** What hidden numbers are multiplied by, if they are replaced, and what is added to them. */
  static Value mask(Mask layer, Place place) {
    Shape shape = place.shape();
    int line = shape.width() * shape.channels();
    int height = line % layer.period() == 0 ? 1 : shape.height();
    int width = shape.channels() % layer.period() == 0 ? 1 : shape.width();
    int places = height * width;
    float[] factors = new float[shape.channels() * places];
    float[] summands = new float[factors.length];
    boolean[] hidden = layer.pattern();
    for (int i = 0; i < factors.length; i++) {
      // Of a channel, one place after the other; masks have the channels of a place so.
      boolean hides = hidden[(i % places * shape.channels() + i / places) % layer.period()];
      factors[i] = hides ? 0 : 1;
      summands[i] = hides ? layer.number() : 0;
    }
    OnnxModel model = place.model();
    int[] dims =
        place.input().flat()
            ? new int[] {1, factors.length}
            : new int[] {1, shape.channels(), height, width};
    Value kept =
        layer.effect() == Mask.Effect.SHIFTED
            ? place.input()
            : place.likeInput("Mul", Map.of(), model.floats("kept", dims, factors));
    String added = model.floats("mask", dims, summands);
    return kept.named(model.node("Add", Map.of(), kept.name(), added));
  }

  /** Of places as tokens: {@code [batch, places, channels]}. */
  static Value attention(SelfAttention layer, Place place) {
    OnnxModel model = place.model();
    Value read = place.image();
    Shape shape = read.shape();
    int width = layer.headWidth(shape.channels());
    int inner = layer.heads() * width;
    String flat =
        model.node(
            "Reshape",
            Map.of(),
            read.name(),
            model.vector("sides", 0, shape.channels(), shape.places()));
    String tokens = transposed(model, flat, 0, 2, 1);
    String sides = model.vector("sides", 0, shape.places(), layer.heads(), width);
    String[] parts = new String[3];
    for (int i = 0; i < parts.length; i++) {
      String name = new String[] {"Wq", "Wk", "Wv"}[i];
      String projected = product(place, tokens, name, inner, shape.channels());
      if (i == 0 && layer.biases() == SelfAttention.Biases.TRAINED) {
        projected = model.node("Add", Map.of(), projected, place.vector("bq"));
      }
      String heads = model.node("Reshape", Map.of(), projected, sides);
      parts[i] = transposed(model, heads, 0, 2, i == 1 ? 3 : 1, i == 1 ? 1 : 3);
    }
    String scores = model.node("MatMul", Map.of(), parts[0], parts[1]);
    String scaled =
        model.node("Mul", Map.of(), scores, model.number("scale", (float) (1 / Math.sqrt(width))));
    String shares = model.node("Softmax", Map.of("axis", -1), scaled);
    String mixed = transposed(model, model.node("MatMul", Map.of(), shares, parts[2]), 0, 2, 1, 3);
    String together =
        model.node("Reshape", Map.of(), mixed, model.vector("sides", 0, shape.places(), inner));
    String out = product(place, together, "Wo", shape.channels(), inner);
    if (layer.biases() == SelfAttention.Biases.TRAINED) {
      out = model.node("Add", Map.of(), out, place.vector("bo"));
    }
    return place.imageOf(
        "Reshape",
        Map.of(),
        transposed(model, out, 0, 2, 1),
        model.vector("sides", 0, shape.channels(), shape.height(), shape.width()));
  }

  /** The same matrix for each token. */
  private static String product(Place place, String tokens, String weight, int rows, int columns) {
    String matrix = place.transposed(weight, rows, columns);
    return place.model().node("MatMul", Map.of(), tokens, matrix);
  }

  private static String transposed(OnnxModel model, String value, int... axes) {
    return model.node("Transpose", Map.of("perm", axes), value);
  }
}
