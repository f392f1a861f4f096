package dev.pare.csource;

import dev.pare.graph.BatchNormalization;
import dev.pare.graph.GroupNormalization;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Shape;

/** Normalizations. */
final class NormalizationLayers {
  private NormalizationLayers() {}

  /** By its running statistics: a factor and a summand a channel. */
  static void batch(BatchNormalization layer, Place place) {
    float[] factors = place.values("gamma");
    float[] summands = place.values("beta");
    float[] means = place.values("mean");
    float[] variances = place.values("var");
    for (int c = 0; c < factors.length; c++) {
      double factor = factors[c] / Math.sqrt((double) variances[c] + layer.epsilon());
      summands[c] = (float) (summands[c] - means[c] * factor);
      factors[c] = (float) factor;
    }
    String x = place.input();
    String y = place.inPlace();
    Shape shape = place.shape();
    place.call(
        "scale_channels",
        x,
        y,
        place.program().floats(place.named("factors"), factors),
        place.program().floats(place.named("summands"), summands),
        factors.length,
        shape.size() / factors.length);
    place.activate(layer.activation(), y);
  }

  static void layer(LayerNormalization layer, Place place) {
    String x = place.input();
    String y = place.inPlace();
    place.call(
        "normalize_places",
        x,
        y,
        place.floats("gamma"),
        place.floats("beta"),
        place.shape().channels(),
        place.shape().places(),
        layer.epsilon());
  }

  static void group(GroupNormalization layer, Place place) {
    String x = place.input();
    String y = place.inPlace();
    Shape shape = place.shape();
    int groups = layer.groupsOf(shape.channels());
    place.call(
        "normalize_groups",
        x,
        y,
        place.floats("gamma"),
        place.floats("beta"),
        groups,
        shape.channels() / groups,
        shape.places(),
        layer.epsilon());
  }
}
