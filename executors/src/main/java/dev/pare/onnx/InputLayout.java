package dev.pare.onnx;

import dev.pare.graph.InputShape;
import java.util.List;

/**
 * How a file has the examples.
 *
 * @param selection of one example's numbers, as Pare has them
 * @param batch how many examples the file takes at once, 0 for any number
 */
record InputLayout(IndexMap selection, int batch) {
  /**
   * By the sides of the file's input: flat features, channels first or last, or a sequence, whose
   * steps may come first.
   *
   * @throws OnnxException if examples do not fit it
   */
  static InputLayout of(Graph graph, InputShape input) {
    List<Integer> dims = graph.inputDims();
    int c = input.channels();
    int h = input.height();
    int w = input.width();
    int batch = dims.isEmpty() ? -1 : dims.get(0);
    if (c == 1 && h > 1 && batch == h && isStepsFirst(dims, w)) {
      return new InputLayout(IndexMap.reshaped(h, 1, w), 1);
    }
    if (batch > 1) {
      throw new OnnxException(
          "its input is for %d examples at once; export it with an open first axis, or with 1"
              .formatted(batch));
    }
    int[][] first = {{c * h * w}, {c, h, w}, {h, w}, {c, h}, {c, w}};
    boolean[] fits = {true, true, c == 1, w == 1, h == 1};
    for (int i = 0; i < first.length; i++) {
      if (fits[i] && matches(dims, first[i])) {
        return new InputLayout(IndexMap.reshaped(example(first[i])), Math.max(batch, 0));
      }
    }
    int[][] last = {{h, w, c}, {h, c}, {w, c}};
    boolean[] fitsLast = {true, w == 1, h == 1};
    for (int i = 0; i < last.length; i++) {
      if (fitsLast[i] && matches(dims, last[i])) {
        int[] order = Dimensions.strided(new int[] {h, w, c}, 0, new int[] {w, 1, h * w});
        return new InputLayout(new IndexMap(example(last[i]), order), Math.max(batch, 0));
      }
    }
    throw new OnnxException(
        "its input is %s, but examples are %d×%d×%d; data.shape says what they are, the first axis"
                .formatted(text(dims), c, h, w)
            + " must be the batch");
  }

  /**
   * As PyTorch's recurrent layers have it unless they are told otherwise: the batch comes second.
   */
  private static boolean isStepsFirst(List<Integer> dims, int features) {
    return dims.size() == 3
        && (dims.get(1) < 0 || dims.get(1) == 1)
        && (dims.get(2) < 0 || dims.get(2) == features);
  }

  private static boolean matches(List<Integer> dims, int[] sides) {
    if (dims.size() != sides.length + 1) {
      return false;
    }
    for (int i = 0; i < sides.length; i++) {
      int dim = dims.get(i + 1);
      if (dim >= 0 && dim != sides[i]) {
        return false;
      }
    }
    return true;
  }

  private static int[] example(int[] sides) {
    int[] dims = new int[sides.length + 1];
    dims[0] = 1;
    System.arraycopy(sides, 0, dims, 1, sides.length);
    return dims;
  }

  private static String text(List<Integer> dims) {
    return String.join("×", dims.stream().map(dim -> dim < 0 ? "?" : String.valueOf(dim)).toList());
  }
}
