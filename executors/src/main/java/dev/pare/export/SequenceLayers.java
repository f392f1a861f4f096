package dev.pare.export;

import dev.pare.graph.Crop;
import dev.pare.graph.Embedding;
import dev.pare.graph.Reversal;
import dev.pare.graph.Shape;
import java.util.Map;
import onnx.Onnx.TensorProto;

/** What makes sequences of tokens, and parts of sequences. */
final class SequenceLayers {
  /** Axis of an image's rows, which are the steps. */
  private static final int STEPS = 2;

  private SequenceLayers() {}

  static Value embedding(Embedding layer, Place place) {
    OnnxModel model = place.model();
    String tokens =
        model.node(
            "Cast",
            Map.of("to", TensorProto.DataType.INT64_VALUE),
            model.vector(place.input()).name());
    String vectors =
        model.node(
            "Gather",
            Map.of("axis", 0),
            place.transposed("W", layer.width(), layer.tokens()),
            tokens);
    String channelsFirst = model.node("Transpose", Map.of("perm", new int[] {0, 2, 1}), vectors);
    Shape shape = place.shape();
    return place.imageOf(
        "Reshape",
        Map.of(),
        channelsFirst,
        model.vector("sides", 0, shape.channels(), shape.height(), shape.width()));
  }

  static Value crop(Crop layer, Place place) {
    Shape shape = place.shape();
    return place.imageOf(
        "Slice",
        Map.of(),
        place.image().name(),
        place.model().vector("starts", layer.top(), layer.left()),
        place.model().vector("ends", layer.top() + shape.height(), layer.left() + shape.width()),
        place.model().vector("axes", STEPS, STEPS + 1));
  }

  static Value reversal(Reversal layer, Place place) {
    return place.imageOf(
        "Slice",
        Map.of(),
        place.image().name(),
        place.model().vector("starts", -1),
        place.model().vector("ends", Long.MIN_VALUE),
        place.model().vector("axes", STEPS),
        place.model().vector("steps", -1));
  }
}
