package dev.pare.csource;

import dev.pare.graph.Mask;
import dev.pare.graph.MatrixProduct;
import dev.pare.graph.Positions;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;

/** Self-attention, what comes with it, and its parts. */
final class AttentionLayers {
  private AttentionLayers() {}

  static void attention(SelfAttention layer, Place place) {
    Shape shape = place.inputShape();
    int places = shape.places();
    int width = layer.headWidth(shape.channels());
    int inner = layer.heads() * width;
    boolean isBiased = layer.biases() == SelfAttention.Biases.TRAINED;
    String x = place.input();
    String y = place.output();
    String queries = place.scratch("queries", (long) inner * places);
    String keys = place.scratch("keys", (long) inner * places);
    String values = place.scratch("values", (long) inner * places);
    String mixed = place.scratch("mixed", (long) inner * places);
    String shares = place.scratch("shares", places);
    begin(place, isBiased, "bq", queries, inner, places);
    place.multiply("Wq", x, queries, places);
    place.call("clear", keys, inner * places);
    place.multiply("Wk", x, keys, places);
    place.call("clear", values, inner * places);
    place.multiply("Wv", x, values, places);
    float scale = (float) (1 / Math.sqrt(width));
    place.call("attend", queries, keys, values, mixed, shares, layer.heads(), width, places, scale);
    begin(place, isBiased, "bo", y, shape.channels(), places);
    place.multiply("Wo", mixed, y, places);
  }

  private static void begin(
      Place place, boolean isBiased, String biases, String sums, int channels, int places) {
    if (isBiased) {
      place.fill(biases, sums, channels, places);
    } else {
      place.call("clear", sums, channels * places);
    }
  }

  static void product(MatrixProduct layer, Place place) {
    String y = place.output();
    place.call(
        "matrix_product",
        place.input(0),
        place.input(1),
        y,
        place.sides(place.inputShape(0)),
        place.sides(place.inputShape(1)),
        place.sides(place.shape()),
        layer.second() == MatrixProduct.Form.TRANSPOSED ? 1 : 0);
  }

  static void mask(Mask layer, Place place) {
    String x = place.input();
    String y = place.inPlace();
    BitOutput hidden = new BitOutput();
    for (boolean each : layer.pattern()) {
      hidden.add(each ? 1 : 0, 1);
    }
    place.call(
        switch (layer.effect()) {
          case REPLACED -> "mask_replace";
          case SHIFTED -> "mask_shift";
        },
        x,
        y,
        place.program().bytes(place.named("hidden"), hidden.finish()),
        layer.period(),
        layer.number(),
        place.shape().channels(),
        place.shape().places());
  }

  static void positions(Positions layer, Place place) {
    String x = place.input();
    String y = place.inPlace();
    place.call("add", x, y, place.floats("b"), place.shape().size());
  }
}
