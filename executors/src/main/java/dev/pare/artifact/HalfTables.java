package dev.pare.artifact;

import java.util.ArrayList;
import java.util.List;

/** Centroids and scales rounded to half precision, which takes two bytes less for each. */
public final class HalfTables {
  private HalfTables() {}

  /**
   * The network with such tables; levels stay. A table that would not be valid any more, since
   * values became equal, zero or infinite, stays as it is.
   */
  public static CompressedNetwork apply(CompressedNetwork network) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (CompressedTensor tensor : network.tensors()) {
      tensors.add(
          switch (tensor.representation()) {
            case CODEBOOK -> {
              CodebookTensor codebook = (CodebookTensor) tensor;
              float[] rounded = Half.rounded(codebook.centroids());
              yield isCodebook(rounded) ? new CodebookTensor(codebook.levels(), rounded) : tensor;
            }
            case UNIFORM, UNIFORM_ROWS -> {
              UniformTensor uniform = (UniformTensor) tensor;
              float[] rounded = Half.rounded(uniform.scales());
              yield areScales(uniform.scales(), rounded)
                  ? new UniformTensor(uniform.levels(), rounded)
                  : tensor;
            }
            case FLOATS, HALVES, SPARSE_FLOATS -> tensor;
          });
    }
    return new CompressedNetwork(network.architecture(), tensors);
  }

  private static boolean isCodebook(float[] centroids) {
    for (int i = 0; i < centroids.length; i++) {
      if (centroids[i] == 0
          || Float.isInfinite(centroids[i])
          || i > 0 && centroids[i] <= centroids[i - 1]) {
        return false;
      }
    }
    return true;
  }

  private static boolean areScales(float[] scales, float[] rounded) {
    for (int i = 0; i < scales.length; i++) {
      // Below that, halves lose digits.
      if (Float.isInfinite(rounded[i]) || scales[i] > 0 && rounded[i] < Half.LEAST_NORMAL_VALUE) {
        return false;
      }
    }
    return true;
  }
}
