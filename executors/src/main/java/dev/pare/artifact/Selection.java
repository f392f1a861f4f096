package dev.pare.artifact;

/** Tensors of some rows and columns of others. */
final class Selection {
  private Selection() {}

  /** The tensor of these rows and columns of {@code tensor}, at least one each, in this order. */
  static CompressedTensor of(CompressedTensor tensor, int[] rows, int[] columns) {
    return switch (tensor.representation()) {
      case FLOATS, HALVES ->
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
      case CODEBOOK -> {
        CodebookTensor codebook = (CodebookTensor) tensor;
        yield new CodebookTensor(codebook.levels().select(rows, columns), codebook.centroids());
      }
    };
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
