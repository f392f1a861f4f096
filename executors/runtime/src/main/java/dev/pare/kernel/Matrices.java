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
    // Of floats all are multiplied faster than few, which must be found.
    long least = table.isComplete() ? values.length : (long) values.length * Float.BYTES / 2;
    if (SparseMatrix.bytes(columns, values, table.isComplete() ? 1 : Float.BYTES) < least) {
      return new SparseMatrix(columns, values, table, scales);
    }
    if (table.isComplete()) {
      return new CodedMatrix(
          scales.length, codes(columns, values, table), table.values(), columns, scales);
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
    float[] scales = new float[tensor.rows() * groups];
    int next = 0;
    for (int row = 0; row < tensor.rows(); row++) {
      for (int run = 0; run < groups; run++) {
        int from = row * columns + run * group;
        int to = Math.min(from + group, (row + 1) * columns);
        // Only runs that are not all zeros have a scale.
        for (int i = from; i < to; i++) {
          if (levels[i] != 0) {
            scales[run * tensor.rows() + row] = tensor.scales()[next++];
            break;
          }
        }
      }
    }
    return new CodedMatrix(
        tensor.rows(), codes(columns, levels, table), table.values(), group, scales);
  }

  /** The codes of values, column-major. */
  private static byte[] codes(int columns, float[] values, ValueTable table) {
    byte[] codes = new byte[values.length];
    int rows = values.length / columns;
    for (int i = 0; i < codes.length; i++) {
      codes[i % columns * rows + i / columns] = (byte) table.code(values[i]);
    }
    return codes;
  }

  private static float[] levels(LevelMatrix levels) {
    float[] values = new float[levels.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = levels.at(i);
    }
    return values;
  }
}
