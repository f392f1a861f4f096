package dev.pare.onnx;

import dev.pare.graph.Arithmetic;
import dev.pare.graph.Elementwise;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;

/** Arithmetic with constants and between layers. */
final class ArithmeticOperators {
  private ArithmeticOperators() {}

  static List<Value> add(Call call) {
    return arithmetic(
        call,
        Arithmetic.Operation.ADD,
        (a, b) -> a + b,
        Math::addExact,
        value -> 1,
        value -> value,
        Side.EITHER);
  }

  static List<Value> subtract(Call call) {
    boolean first = call.input(0) instanceof Tensor;
    return arithmetic(
        call,
        Arithmetic.Operation.SUBTRACT,
        (a, b) -> a - b,
        Math::subtractExact,
        value -> first ? -1 : 1,
        value -> first ? value : -value,
        Side.EITHER);
  }

  static List<Value> multiply(Call call) {
    List<String> inputs = call.node().inputs();
    if (inputs.size() == 2
        && inputs.get(0).equals(inputs.get(1))
        && !(call.input(0) instanceof Tensor)) {
      return ElementwiseOperators.function(Elementwise.Function.SQUARE).of(call);
    }
    return arithmetic(
        call,
        Arithmetic.Operation.MULTIPLY,
        (a, b) -> a * b,
        Math::multiplyExact,
        value -> value,
        value -> 0,
        Side.EITHER);
  }

  static List<Value> divide(Call call) {
    return arithmetic(
        call,
        Arithmetic.Operation.DIVIDE,
        (a, b) -> a / b,
        ArithmeticOperators::quotient,
        value -> 1 / value,
        value -> 0,
        Side.FIRST);
  }

  private static long quotient(long a, long b) {
    if (b == 0) {
      throw new OnnxException("it divides by zero");
    }
    return a / b;
  }

  static List<Value> negate(Call call) {
    if (call.input(0) instanceof Tensor) {
      return ConstantOperators.each(value -> -value).of(call);
    }
    Flow flow = call.flow(0);
    double[] factor = new double[flow.shape().size()];
    Arrays.fill(factor, -1);
    return List.of(call.builder().multiplyAdd(flow, new Affine(factor, new double[factor.length])));
  }

  static List<Value> power(Call call) {
    Tensor exponent = call.constant(1);
    if (call.input(0) instanceof Tensor one) {
      return List.of(folded(one, exponent, Math::pow, (a, b) -> Math.round(Math.pow(a, b))));
    }
    if (exponent.size() != 1 || exponent.number(0) != 2) {
      throw new OnnxException("of what the network computes, Pare has squares alone");
    }
    return ElementwiseOperators.function(Elementwise.Function.SQUARE).of(call);
  }

  static List<Value> smallest(Call call) {
    return extreme(call, Math::min, Math::min, true);
  }

  static List<Value> largest(Call call) {
    return extreme(call, Math::max, Math::max, false);
  }

  /** Of constants, or of what flows and one number. */
  private static List<Value> extreme(
      Call call, DoubleBinaryOperator numbers, LongBinaryOperator wholes, boolean most) {
    for (int i = 0; call.inputs().size() == 2 && i < 2; i++) {
      if (!(call.input(i) instanceof Tensor)
          && call.input(1 - i) instanceof Tensor bound
          && bound.size() == 1) {
        float value = (float) bound.number(0);
        return most
            ? ElementwiseOperators.clipped(call, i, Float.NEGATIVE_INFINITY, value)
            : ElementwiseOperators.clipped(call, i, value, Float.POSITIVE_INFINITY);
      }
    }
    Tensor all = call.constant(0);
    for (int i = 1; i < call.inputs().size(); i++) {
      all = folded(all, call.constant(i), numbers, wholes);
    }
    return List.of(all);
  }

  /** Where what flows must stand, if the other one is a constant. */
  private enum Side {
    FIRST,
    EITHER
  }

  /**
   * Arithmetic of constants, of a constant and what flows, and of what layers make.
   *
   * @param factor of what flows, from the constant
   * @param summand after that, from the constant
   */
  private static List<Value> arithmetic(
      Call call,
      Arithmetic.Operation operation,
      DoubleBinaryOperator numbers,
      LongBinaryOperator wholes,
      DoubleUnaryOperator factor,
      DoubleUnaryOperator summand,
      Side side) {
    boolean first = call.input(0) instanceof Tensor;
    boolean second = call.input(1) instanceof Tensor;
    if (call.input(first ? 1 : 0) instanceof Scores scores
        && call.input(first ? 0 : 1) instanceof Tensor constant
        && !(first && side == Side.FIRST)
        && isOne(constant, scores)
        && summand.applyAsDouble(constant.number(0)) == 0) {
      Optional<Scores> scaled = scores.times(factor.applyAsDouble(constant.number(0)));
      if (scaled.isPresent()) {
        return List.of(scaled.get());
      }
    }
    if (first && second) {
      return List.of(folded(call.constant(0), call.constant(1), numbers, wholes));
    }
    if (!first && !second) {
      return List.of(call.builder().joins().combined(operation, call.flow(0), call.flow(1)));
    }
    if (first && side == Side.FIRST) {
      throw new OnnxException("of a constant by what the network computes is not supported");
    }
    Flow flow = call.flow(first ? 1 : 0);
    Tensor constant = call.constant(first ? 0 : 1);
    int[] dims = Dimensions.broadcast(flow.dims(), constant.dims());
    Flow seen = seen(flow, dims);
    int[] of = Dimensions.stretched(constant.dims(), dims);
    double[] factors = new double[of.length];
    double[] summands = new double[of.length];
    for (int i = 0; i < of.length; i++) {
      double value = constant.number(of[i]);
      factors[seen.place(i)] = factor.applyAsDouble(value);
      summands[seen.place(i)] = summand.applyAsDouble(value);
    }
    return List.of(call.builder().multiplyAdd(seen, new Affine(factors, summands)));
  }

  /**
   * What flows beside a larger constant.
   *
   * @throws OnnxException if it were repeated
   */
  static Flow seen(Flow flow, int[] dims) {
    if (Dimensions.size(dims) != flow.shape().size()) {
      throw new OnnxException(
          "it stretches %s to %s, which is not supported"
              .formatted(Dimensions.text(flow.dims()), Dimensions.text(dims)));
    }
    return flow.arranged(IndexMap.reshaped(dims));
  }

  /** Whether a constant is the same number for all scores. */
  private static boolean isOne(Tensor constant, Scores scores) {
    for (int i = 1; i < constant.size(); i++) {
      if (constant.number(i) != constant.number(0)) {
        return false;
      }
    }
    return constant.size() > 0
        && Arrays.equals(Dimensions.broadcast(scores.dims(), constant.dims()), scores.dims());
  }

  private static Tensor folded(
      Tensor one, Tensor other, DoubleBinaryOperator numbers, LongBinaryOperator wholes) {
    int[] dims = Dimensions.broadcast(one.dims(), other.dims());
    int[] a = Dimensions.stretched(one.dims(), dims);
    int[] b = Dimensions.stretched(other.dims(), dims);
    if (one.type() == Tensor.Type.WHOLE && other.type() == Tensor.Type.WHOLE) {
      long[] values = new long[a.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = wholes.applyAsLong(one.wholes()[a[i]], other.wholes()[b[i]]);
      }
      return Tensor.of(dims, values);
    }
    float[] values = new float[a.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) numbers.applyAsDouble(one.number(a[i]), other.number(b[i]));
    }
    return Tensor.of(dims, values);
  }
}
