package dev.pare.onnx;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;

/** Operators that exporters use on shapes and other constants. */
final class ConstantOperators {
  /** Multiplications for a product of constants. */
  private static final double MOST_PRODUCTS = 1L << 32;

  /** What is wrong with activations of whole numbers. */
  static final String QUANTIZED =
      "activations that are quantized are not supported: export the network with floats, and have"
          + " Pare quantize it (student.quantize.activation-bits = 8)";

  private ConstantOperators() {}

  static List<Value> constant(Call call) {
    OnnxNode node = call.node();
    if (node.attributes().size() != 1) {
      throw new OnnxException("it must have one value");
    }
    String name = node.attributes().keySet().iterator().next();
    return List.of(
        switch (name) {
          case "value" -> node.tensor(name).orElseThrow();
          case "value_float" -> Tensor.of(new int[0], node.number(name, 0));
          case "value_int" -> Tensor.of(new int[0], node.whole(name, 0));
          case "value_floats" -> {
            List<Float> values = node.numbers(name).orElseThrow();
            float[] numbers = new float[values.size()];
            for (int i = 0; i < numbers.length; i++) {
              numbers[i] = values.get(i);
            }
            yield Tensor.of(new int[] {numbers.length}, numbers);
          }
          default -> {
            long[] wholes =
                node.wholes("value_ints").orElseThrow().stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            yield Tensor.of(new int[] {wholes.length}, wholes);
          }
        });
  }

  static List<Value> constantOfShape(Call call) {
    int[] dims = LayoutOperators.sides(call.constant(0).wholes());
    Tensor value = call.node().tensor("value").orElse(Tensor.of(new int[] {1}, 0f));
    if (value.size() != 1) {
      throw new OnnxException("its value must be one number");
    }
    int[] first = new int[Dimensions.size(dims)];
    return List.of(value.select(new IndexMap(dims, first)));
  }

  static List<Value> shape(Call call) {
    int[] dims = call.input(0).dims();
    long rank = dims.length;
    long start = Math.max(0, Math.min(rank, end(call.node().whole("start", 0), rank)));
    long end = Math.max(start, Math.min(rank, end(call.node().whole("end", rank), rank)));
    long[] sides = new long[(int) (end - start)];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = dims[(int) start + i];
    }
    return List.of(Tensor.of(new int[] {sides.length}, sides));
  }

  private static long end(long index, long rank) {
    return index < 0 ? index + rank : index;
  }

  static List<Value> size(Call call) {
    return List.of(Tensor.of(new int[0], (long) Dimensions.size(call.input(0).dims())));
  }

  /**
   * Weights that are held as whole numbers: {@code (level − zero point) · scale}, one scale for all
   * or one along an axis.
   */
  static List<Value> dequantize(Call call) {
    if (!(call.input(0) instanceof Tensor levels)) {
      throw new OnnxException(QUANTIZED);
    }
    Tensor scales = call.constant(1);
    int[] dims = levels.dims();
    int axis = (int) call.node().whole("axis", 1);
    axis += axis < 0 ? dims.length : 0;
    boolean single = scales.size() == 1;
    if (call.node().whole("block_size", 0) != 0
        || !single
            && (scales.dims().length != 1
                || axis < 0
                || axis >= dims.length
                || scales.size() != dims[axis])) {
      throw new OnnxException(
          "scales of %s for levels of %s along axis %d"
              .formatted(Dimensions.text(scales.dims()), Dimensions.text(dims), axis));
    }
    Tensor zeros = call.has(2) ? call.constant(2) : Tensor.of(new int[0], 0L);
    if (zeros.size() != scales.size() && zeros.size() != 1) {
      throw new OnnxException(
          "%d zero points for %d scales".formatted(zeros.size(), scales.size()));
    }
    int each = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      each *= dims[i];
    }
    float[] values = new float[levels.size()];
    for (int i = 0; i < values.length; i++) {
      int of = single ? 0 : i / each % scales.size();
      double steps = levels.number(i) - zeros.number(zeros.size() == 1 ? 0 : of);
      values[i] = (float) steps * scales.floats()[of];
    }
    return List.of(Tensor.of(dims, values));
  }

  static List<Value> cast(Call call) {
    int to = (int) call.node().whole("to", 0);
    onnx.Onnx.TensorProto.DataType type = onnx.Onnx.TensorProto.DataType.forNumber(to);
    boolean isFloat = false;
    boolean isTruth = false;
    boolean known = type != null;
    if (type != null) {
      switch (type) {
        case FLOAT -> isFloat = true;
        case BOOL -> isTruth = true;
        case INT64, INT32 -> {}
        default -> known = false;
      }
    }
    if (!known) {
      throw new OnnxException("to = %s is not supported".formatted(type == null ? to : type));
    }
    if (!(call.input(0) instanceof Tensor tensor)) {
      if (!isFloat && (isTruth || !call.builder().isInput(call.flow(0)))) {
        throw new OnnxException(
            "to = %s of what the network computes is not supported".formatted(type));
      }
      // Tokens are whole numbers whatever they are called.
      if (!isFloat && !call.lookups().isToken(call.node().outputs().get(0))) {
        throw new OnnxException(
            "to = %s, which rounds numbers, is not supported but for tokens that nothing but"
                    .formatted(type)
                + " an embedding's Gather reads; export the network without it");
      }
      return List.of(call.input(0));
    }
    if (isFloat) {
      return List.of(Tensor.of(tensor.dims(), tensor.floats()));
    }
    long[] wholes = new long[tensor.size()];
    for (int i = 0; i < wholes.length; i++) {
      double number = tensor.number(i);
      wholes[i] =
          isTruth
              ? number == 0 ? 0 : 1
              : tensor.type() == Tensor.Type.FLOAT ? (long) number : tensor.wholes()[i];
    }
    if (type == onnx.Onnx.TensorProto.DataType.INT32
        && LongStream.of(wholes).anyMatch(whole -> whole != (int) whole)) {
      throw new OnnxException("to = INT32 of a number of more than 32 bits");
    }
    return List.of(
        isTruth ? Tensor.truths(tensor.dims(), wholes) : Tensor.of(tensor.dims(), wholes));
  }

  /** A function of each number of a constant. */
  static Operator.Meaning each(DoubleUnaryOperator function) {
    return call -> {
      Tensor tensor = call.constant(0);
      if (tensor.type() != Tensor.Type.FLOAT) {
        long[] wholes = new long[tensor.size()];
        for (int i = 0; i < wholes.length; i++) {
          wholes[i] = (long) function.applyAsDouble(tensor.wholes()[i]);
        }
        return List.of(Tensor.of(tensor.dims(), wholes));
      }
      float[] values = new float[tensor.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) function.applyAsDouble(tensor.number(i));
      }
      return List.of(Tensor.of(tensor.dims(), values));
    };
  }

  /** A comparison of two numbers. */
  @FunctionalInterface
  interface Comparison {
    boolean of(double one, double other);
  }

  static Operator.Meaning compared(Comparison comparison) {
    return call -> {
      Tensor one = call.constant(0);
      Tensor other = call.constant(1);
      int[] dims = Dimensions.broadcast(one.dims(), other.dims());
      int[] a = Dimensions.stretched(one.dims(), dims);
      int[] b = Dimensions.stretched(other.dims(), dims);
      long[] truths = new long[a.length];
      for (int i = 0; i < truths.length; i++) {
        truths[i] = comparison.of(one.number(a[i]), other.number(b[i])) ? 1 : 0;
      }
      return List.of(Tensor.truths(dims, truths));
    };
  }

  static List<Value> not(Call call) {
    Tensor tensor = call.constant(0);
    long[] truths = new long[tensor.size()];
    for (int i = 0; i < truths.length; i++) {
      truths[i] = tensor.number(i) == 0 ? 1 : 0;
    }
    return List.of(Tensor.truths(tensor.dims(), truths));
  }

  /** A matrix without what is above a diagonal, or below it. */
  static List<Value> triangle(Call call) {
    Tensor matrix = call.constant(0);
    int rank = matrix.dims().length;
    if (rank < 2) {
      throw new OnnxException("of " + Dimensions.text(matrix.dims()));
    }
    long diagonal = call.has(1) ? whole(call.constant(1)) : 0;
    boolean upper = call.node().whole("upper", 1) != 0;
    int rows = matrix.dims()[rank - 2];
    int columns = matrix.dims()[rank - 1];
    return List.of(
        matrix.keep(
            i -> {
              long right = i % columns - i / columns % rows - diagonal;
              return upper ? right >= 0 : right <= 0;
            }));
  }

  static List<Value> where(Call call) {
    if (!(call.input(1) instanceof Tensor) || !(call.input(2) instanceof Tensor)) {
      return Masks.chosen(call);
    }
    Tensor condition = call.constant(0);
    Tensor yes = call.constant(1);
    Tensor no = call.constant(2);
    int[] dims =
        Dimensions.broadcast(condition.dims(), Dimensions.broadcast(yes.dims(), no.dims()));
    int[] c = Dimensions.stretched(condition.dims(), dims);
    int[] y = Dimensions.stretched(yes.dims(), dims);
    int[] n = Dimensions.stretched(no.dims(), dims);
    if (yes.type() != no.type()) {
      throw new OnnxException("it chooses between numbers of several types");
    }
    if (yes.type() == Tensor.Type.FLOAT) {
      float[] values = new float[c.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = condition.number(c[i]) != 0 ? yes.floats()[y[i]] : no.floats()[n[i]];
      }
      return List.of(Tensor.of(dims, values));
    }
    long[] values = new long[c.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = condition.number(c[i]) != 0 ? yes.wholes()[y[i]] : no.wholes()[n[i]];
    }
    return List.of(Tensor.of(dims, values));
  }

  /** Of two matrices, as of weights that are held as a product. */
  static Tensor product(Tensor left, Tensor right) {
    int[] a = left.dims();
    int[] b = right.dims();
    if (a.length != 2
        || b.length != 2
        || a[1] != b[0]
        || left.type() != Tensor.Type.FLOAT
        || right.type() != Tensor.Type.FLOAT) {
      throw new OnnxException(
          "of constants of %s and %s".formatted(Dimensions.text(a), Dimensions.text(b)));
    }
    double work = (double) a[0] * a[1] * b[1];
    if (work > MOST_PRODUCTS) {
      throw new OnnxException(
          "of constants of %s and %s, for which more numbers are multiplied than a network has"
              .formatted(Dimensions.text(a), Dimensions.text(b)));
    }
    float[] values = new float[Dimensions.computed(a[0], b[1])];
    for (int row = 0; row < a[0]; row++) {
      for (int k = 0; k < a[1]; k++) {
        float factor = left.floats()[row * a[1] + k];
        for (int column = 0; column < b[1]; column++) {
          values[row * b[1] + column] += factor * right.floats()[k * b[1] + column];
        }
      }
    }
    return Tensor.of(new int[] {a[0], b[1]}, values);
  }

  static List<Value> range(Call call) {
    long start = whole(call.constant(0));
    long limit = whole(call.constant(1));
    long step = whole(call.constant(2));
    if (step == 0
        || Math.abs((double) limit - start) / Math.abs((double) step) > Dimensions.MOST_COMPUTED) {
      throw new OnnxException("from %d to %d by %d".formatted(start, limit, step));
    }
    int size = (int) Math.max(0, Math.ceil(((double) limit - start) / step));
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = start + i * step;
    }
    return List.of(Tensor.of(new int[] {size}, values));
  }

  private static long whole(Tensor tensor) {
    if (tensor.size() != 1) {
      throw new OnnxException("one number is expected");
    }
    return tensor.wholes()[0];
  }
}
