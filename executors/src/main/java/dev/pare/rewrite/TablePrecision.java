package dev.pare.rewrite;

import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.Float16;
import dev.pare.artifact.Float8E4M3;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.artifact.UniformTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** How exactly codebooks, words and scales are kept; levels stay. */
public enum TablePrecision {
  /** As they are. */
  FLOAT32,
  /** Rounded to IEEE 754 half precision; two bytes each. */
  FLOAT16,
  /** Rounded to quarter precision (E4M3) with a power of two a table; a byte each. */
  FLOAT8;

  /**
   * The network with tables of this precision. A table that would not be valid any more, since
   * values became equal, zero or infinite, is kept as the next better precision allows.
   */
  public CompressedNetwork apply(CompressedNetwork network) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (CompressedTensor tensor : network.tensors()) {
      tensors.add(of(tensor));
    }
    return network.withTensors(tensors);
  }

  /** The tensor with tables of this precision, as {@link #apply} says. */
  public CompressedTensor of(CompressedTensor tensor) {
    if (this == FLOAT32) {
      return tensor;
    }
    return switch (tensor.representation()) {
      case CODEBOOK -> {
        CodebookTensor codebook = (CodebookTensor) tensor;
        yield new CodebookTensor(
            codebook.levels(), rounded(codebook.centroids(), TablePrecision::isCodebook));
      }
      case UNIFORM, UNIFORM_ROWS -> {
        UniformTensor uniform = (UniformTensor) tensor;
        float[] scales = uniform.scales();
        yield new UniformTensor(uniform.levels(), rounded(scales, r -> areScales(scales, r)));
      }
      case UNIFORM_GROUPS -> {
        GroupedTensor grouped = (GroupedTensor) tensor;
        float[] scales = grouped.scales();
        yield new GroupedTensor(
            grouped.levels(), grouped.group(), rounded(scales, r -> areScales(scales, r)));
      }
      case PRODUCT -> {
        ProductTensor product = (ProductTensor) tensor;
        yield new ProductTensor(
            product.columns(),
            product.dimension(),
            product.codes(),
            rounded(product.words(), TablePrecision::areFinite));
      }
      case FLOATS, HALVES, QUARTERS, SPARSE_FLOATS, POWERS -> tensor;
    };
  }

  private float[] rounded(float[] table, Predicate<float[]> isValid) {
    if (this == FLOAT8) {
      // A single one takes a byte of exponent, too: as much as a half, which is more exact.
      float[] quarters = table.length == 1 ? Float16.rounded(table) : Float8E4M3.rounded(table);
      if (isValid.test(quarters)) {
        return quarters;
      }
    }
    float[] halves = Float16.rounded(table);
    return isValid.test(halves) ? halves : table;
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
      // What rounding moves by more than quarters of full precision do has lost digits.
      if (!(Math.abs(rounded[i] - scales[i]) <= scales[i] * 0x1p-4f)) {
        return false;
      }
    }
    return true;
  }

  private static boolean areFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
