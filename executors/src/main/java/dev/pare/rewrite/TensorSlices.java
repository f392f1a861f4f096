package dev.pare.rewrite;

import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.PowerTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.artifact.SparseFloatTensor;
import dev.pare.artifact.UniformTensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Tensors of some rows and columns of others. */
final class TensorSlices {
  private TensorSlices() {}

  /** The tensor of these rows and columns of {@code tensor}, at least one each, in this order. */
  static CompressedTensor of(CompressedTensor tensor, int[] rows, int[] columns) {
    return switch (tensor.representation()) {
      case FLOATS, HALVES, QUARTERS ->
          new FloatTensor(rows.length, columns.length, values(tensor, rows, columns));
      case SPARSE_FLOATS ->
          SparseFloatTensor.of(rows.length, columns.length, values(tensor, rows, columns));
      case UNIFORM -> {
        UniformTensor uniform = (UniformTensor) tensor;
        yield new UniformTensor(uniform.levels().select(rows, columns), uniform.scales());
      }
      case UNIFORM_ROWS -> {
        UniformTensor uniform = (UniformTensor) tensor;
        float[] scales = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
          scales[i] = uniform.scales()[rows[i]];
        }
        yield new UniformTensor(uniform.levels().select(rows, columns), scales);
      }
      case UNIFORM_GROUPS -> {
        checkAllColumns(tensor, columns);
        yield ((GroupedTensor) tensor).select(rows, columns);
      }
      case PRODUCT -> {
        checkAllColumns(tensor, columns);
        ProductTensor product = (ProductTensor) tensor;
        int[] runs = IntStream.range(0, product.codes().columns()).toArray();
        yield new ProductTensor(
            columns.length,
            product.dimension(),
            product.codes().select(rows, runs),
            product.words());
      }
      case POWERS -> {
        PowerTensor powers = (PowerTensor) tensor;
        yield new PowerTensor(powers.levels().select(rows, columns), powers.least());
      }
      case CODEBOOK -> {
        CodebookTensor codebook = (CodebookTensor) tensor;
        yield new CodebookTensor(codebook.levels().select(rows, columns), codebook.centroids());
      }
    };
  }

  /** Where columns belong together, all stay, in their order. */
  private static void checkAllColumns(CompressedTensor tensor, int[] columns) {
    if (!Arrays.equals(columns, IntStream.range(0, tensor.columns()).toArray())) {
      throw new IllegalArgumentException("columns of " + tensor + " belong together");
    }
  }

  private static float[] values(CompressedTensor tensor, int[] rows, int[] columns) {
    float[] all = tensor.toFloats();
    float[] selected = new float[Math.multiplyExact(rows.length, columns.length)];
    int next = 0;
    for (int row : rows) {
      for (int column : columns) {
        selected[next++] = all[row * tensor.columns() + column];
      }
    }
    return selected;
  }
}
