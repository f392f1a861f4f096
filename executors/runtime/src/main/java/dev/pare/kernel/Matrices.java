package dev.pare.kernel;

import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import java.util.Arrays;

/** Matrices of the tensors of files. */
final class Matrices {
  private Matrices() {}

  static Matrix of(CompressedTensor tensor) {
    return switch (tensor.representation()) {
      case UNIFORM_ROWS -> {
        UniformTensor uniform = (UniformTensor) tensor;
        yield packed(tensor.columns(), levels(uniform.levels()), uniform.scales());
      }
      case UNIFORM_GROUPS -> grouped((GroupedTensor) tensor);
      case PRODUCT -> {
        ProductTensor product = (ProductTensor) tensor;
        yield new WordMatrix(
            product.columns(), product.dimension(), product.codes(), product.words());
      }
      case FLOATS, HALVES, QUARTERS, SPARSE_FLOATS, UNIFORM, CODEBOOK, POWERS ->
          packed(tensor.rows(), tensor.columns(), tensor.toFloats());
    };
  }

  /**
   * The smallest form of some values.
   *
   * @param values row-major
   */
  static Matrix packed(int rows, int columns, float[] values) {
    float[] ones = new float[rows];
    Arrays.fill(ones, 1);
    return packed(columns, values, ones);
  }

  /**
   * @param scales of the rows
   */
  private static Matrix packed(int columns, float[] values, float[] scales) {
    ValueTable table = ValueTable.of(values);
    long entries = SparseMatrix.entries(columns, values);
    long entryBytes = 1 + (table.isComplete() ? 1 : Float.BYTES);
    long valueBytes = table.isComplete() ? 1 : Float.BYTES;
    if (entries * entryBytes < values.length * valueBytes) {
      return SparseMatrix.of(columns, values, table, scales);
    }
    if (table.isComplete()) {
      byte[] codes = new byte[values.length];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = (byte) table.code(values[i]);
      }
      return new CodedMatrix(columns, codes, table.values(), columns, scales);
    }
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = values[i] * scales[i / columns];
    }
    return new DenseMatrix(scales.length, columns, scaled);
  }

  private static Matrix grouped(GroupedTensor tensor) {
    float[] levels = levels(tensor.levels());
    ValueTable table = ValueTable.of(levels);
    if (!table.isComplete()) {
      return packed(tensor.rows(), tensor.columns(), tensor.toFloats());
    }
    int columns = tensor.columns();
    int group = Math.min(tensor.group(), columns);
    int groups = (columns - 1) / group + 1;
    byte[] codes = new byte[levels.length];
    float[] scales = new float[tensor.rows() * groups];
    int next = 0;
    for (int run = 0; run < scales.length; run++) {
      int from = run / groups * columns + run % groups * group;
      int to = Math.min(from + group, (run / groups + 1) * columns);
      boolean isEmpty = true;
      for (int i = from; i < to; i++) {
        codes[i] = (byte) table.code(levels[i]);
        isEmpty &= levels[i] == 0;
      }
      // Only runs that are not all zeros have a scale.
      scales[run] = isEmpty ? 0 : tensor.scales()[next++];
    }
    return new CodedMatrix(columns, codes, table.values(), group, scales);
  }

  private static float[] levels(LevelMatrix levels) {
    float[] values = new float[levels.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = levels.at(i);
    }
    return values;
  }
}
