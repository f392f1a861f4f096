package dev.pare.export;

import dev.pare.graph.BatchNormalization;
import dev.pare.graph.GroupNormalization;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Shape;
import java.util.Arrays;
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

  /** {@code GroupNormalization} is of opset 18; as PyTorch writes it, over groups as channels. */
  static Value group(GroupNormalization layer, Place place) {
    OnnxModel model = place.model();
    Map<String, Object> attributes = Map.of("epsilon", layer.epsilon());
    String read = place.image().name();
    if (layer.groups() == 0) {
      return place.imageOf(
          "InstanceNormalization", attributes, read, place.vector("gamma"), place.vector("beta"));
    }
    int groups = layer.groups();
    String grouped = model.node("Reshape", Map.of(), read, model.vector("groups", 0, groups, -1));
    float[] ones = new float[groups];
    Arrays.fill(ones, 1);
    String normalized =
        model.node(
            "InstanceNormalization",
            attributes,
            grouped,
            model.floats("ones", new int[] {groups}, ones),
            model.floats("zeros", new int[] {groups}, new float[groups]));
    Shape shape = place.shape();
    String image =
        model.node(
            "Reshape",
            Map.of(),
            normalized,
            model.vector("image", 0, shape.channels(), shape.height(), shape.width()));
    int[] channels = {shape.channels(), 1, 1};
    String scaled =
        model.node("Mul", Map.of(), image, model.floats("gamma", channels, place.values("gamma")));
    return place.imageOf(
        "Add", Map.of(), scaled, model.floats("beta", channels, place.values("beta")));
  }
}
