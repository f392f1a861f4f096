package dev.pare.artifact;

import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;

/**
 * Whether a network can be run with the numbers of a tensor: one that is NaN or infinite makes
 * outputs that look like answers and are none.
 */
final class TensorCheck {
  private TensorCheck() {}

  /**
   * Checks a tensor's values.
   *
   * @throws IllegalArgumentException naming the tensor, if one is not finite, or is a variance
   *     below 0
   */
  static void check(ParameterTensor place, CompressedTensor tensor) {
    boolean variances = place.role() == Role.VARIANCE;
    if (!variances && isFinite(tensor)) {
      return;
    }
    for (float value : values(tensor)) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "tensor %s: a value is %s, must be finite".formatted(place.name(), value));
      }
      if (variances && value < 0) {
        throw new IllegalArgumentException(
            "tensor %s: a variance is %s, must be at least 0".formatted(place.name(), value));
      }
    }
  }

  /** Not a copy where that can be helped. */
  private static float[] values(CompressedTensor tensor) {
    if (tensor instanceof FloatTensor floats) {
      return floats.values();
    }
    return tensor instanceof SparseFloatTensor sparse ? sparse.values() : tensor.toFloats();
  }

  /** Whether all values are finite by how they are held; false where they must be looked at. */
  private static boolean isFinite(CompressedTensor tensor) {
    return switch (tensor.representation()) {
      case FLOATS, HALVES, QUARTERS, SPARSE_FLOATS -> false;
      case UNIFORM, UNIFORM_ROWS ->
          isFinite(((UniformTensor) tensor).levels(), ((UniformTensor) tensor).scales());
      case UNIFORM_GROUPS ->
          isFinite(((GroupedTensor) tensor).levels(), ((GroupedTensor) tensor).scales());
      case CODEBOOK, POWERS, PRODUCT -> true;
    };
  }

  /** Of finite scales a product with a level may be infinite. */
  private static boolean isFinite(LevelMatrix levels, float[] scales) {
    float largest = 0;
    for (float scale : scales) {
      largest = Math.max(largest, scale);
    }
    return Float.isFinite(largest * Math.max(-levels.lowest(), levels.highest()));
  }
}
