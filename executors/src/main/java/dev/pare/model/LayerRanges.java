package dev.pare.model;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What the numbers of a layer's configuration may be. */
final class LayerRanges {
  private static final int MOST_SIDE = 4096;
  private static final int MOST_UNITS = 1 << 28;

  /** More than any layer of {@link #MOST_UNITS} without windows has. */
  private static final double MOST_WEIGHTS = 0x1p56;

  private LayerRanges() {}

  /**
   * Checks a layer with its defaults.
   *
   * @throws IllegalArgumentException naming the field that is out of range
   */
  static void check(String place, ObjectNode layer) {
    String type = layer.get(Dl4jJson.TYPE).asText();
    place = LayerJson.named(place, requireNonNull(KnownLayers.layer(type)).type());
    Iterator<Map.Entry<String, JsonNode>> fields = layer.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = field.getKey();
      JsonNode value = field.getValue();
      boolean right =
          switch (name) {
            case KnownLayers.FUNCTION, KnownLayers.GATE_FUNCTION -> value.isObject();
            case "kernelSize", "stride", "dilation" -> isSides(value, 2, 1, MOST_SIDE);
            case "padding" ->
                isSides(value, type.equals(ZeroPaddingLayer.class.getName()) ? 4 : 2, 0, MOST_SIDE);
            case "cropping" -> isSides(value, 4, 0, MOST_SIDE);
            case "size" -> isSides(value, 2, 1, MOST_SIDE);
            case "poolingDimensions" -> value.isNull() || isSides(value, 2, 1, 3);
            case "nin", "nout" -> isWithin(value, 1, MOST_UNITS);
            case "depthMultiplier", "blockSize" -> isWithin(value, 1, MOST_SIDE);
            case "pnorm" -> isWithin(value, 0, MOST_SIDE);
            case "n" -> isWithin(value, 1, MOST_SIDE);
            case "eps" -> isWithin(value, 0, 1);
            case "k", "alpha", "beta", "gamma" ->
                isWithin(value, -Float.MAX_VALUE, Float.MAX_VALUE);
            default -> true;
          };
      if (!right) {
        throw new IllegalArgumentException(
            place + ": " + name + " = " + Dl4jJson.shown(value.toString()) + " is out of range");
      }
    }
    checkWeights(place, layer);
    if (layer.get(KnownLayers.UNDERLYING) instanceof ObjectNode inner) {
      check(place, inner);
    }
  }

  /** DL4J multiplies whole numbers that may wrap to fewer weights. */
  private static void checkWeights(String place, ObjectNode layer) {
    double weights = 1;
    for (String factor : List.of("nin", "nout", "depthMultiplier")) {
      weights *= layer.path(factor).asDouble(1);
    }
    for (JsonNode side : layer.path("kernelSize")) {
      weights *= side.asDouble();
    }
    if (weights > MOST_WEIGHTS) {
      throw new IllegalArgumentException(
          "%s: nin, nout and kernelSize make %.0f weights".formatted(place, weights));
    }
  }

  private static boolean isSides(JsonNode value, int count, int least, int most) {
    if (!value.isArray() || value.size() != count) {
      return false;
    }
    for (JsonNode side : value) {
      if (!isWithin(side, least, most)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWithin(JsonNode value, double least, double most) {
    return value.isNumber() && value.asDouble() >= least && value.asDouble() <= most;
  }
}
