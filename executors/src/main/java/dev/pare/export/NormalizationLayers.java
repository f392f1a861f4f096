package dev.pare.export;

import dev.pare.graph.BatchNormalization;
import dev.pare.graph.LayerNormalization;
import java.util.Map;

/** Normalizations. */
final class NormalizationLayers {
  /** The first opset that has {@code LayerNormalization}. */
  private static final int LAYER_NORMALIZATION = 17;

  private NormalizationLayers() {}

  static Value batch(BatchNormalization layer, Place place) {
    return place.likeInput(
        "BatchNormalization",
        Map.of("epsilon", layer.epsilon()),
        place.vector("gamma"),
        place.vector("beta"),
        place.vector("mean"),
        place.vector("var"));
  }

  /** Over channels, which have to come last for it. */
  static Value layer(LayerNormalization layer, Place place) {
    OnnxModel model = place.model();
    model.needs(LAYER_NORMALIZATION);
    Map<String, Object> attributes = Map.of("axis", -1, "epsilon", layer.epsilon());
    String gamma = place.vector("gamma");
    String beta = place.vector("beta");
    if (place.input().flat() && place.shape().isPoint()) {
      return place.likeInput("LayerNormalization", attributes, gamma, beta);
    }
    String last =
        model.node("Transpose", Map.of("perm", new int[] {0, 2, 3, 1}), place.image().name());
    String normalized = model.node("LayerNormalization", attributes, last, gamma, beta);
    return place.imageOf("Transpose", Map.of("perm", new int[] {0, 3, 1, 2}), normalized);
  }
}
