package dev.pare.onnx;

import dev.pare.graph.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Functions of each number, and arithmetic with constants and between layers. */
final class ElementwiseOperators {
  private ElementwiseOperators() {}

  /** A function that layers have. */
  static Operator.Meaning activation(Activation function) {
    return call -> List.of(call.builder().activate(call.flow(0), function));
  }

  static List<Value> clip(Call call) {
    float least = bound(call, "min", 1, -Float.MAX_VALUE);
    float most = bound(call, "max", 2, Float.MAX_VALUE);
    if (least != 0 || most < Float.MAX_VALUE) {
      throw new OnnxException(
          "from %s to %s is not supported; Pare has ReLU, from 0 on".formatted(least, most));
    }
    return List.of(call.builder().activate(call.flow(0), Activation.RELU));
  }

  private static float bound(Call call, String attribute, int input, float otherwise) {
    if (call.has(input)) {
      Tensor bound = call.constant(input);
      if (bound.size() != 1) {
        throw new OnnxException(attribute + " must be one number");
      }
      return (float) bound.number(0);
    }
    return call.node().number(attribute, otherwise);
  }

  /** Softmax and log-softmax, at the end of a network alone. */
  static List<Value> softmax(Call call) {
    Flow flow = call.flow(0);
    int[] dims = flow.dims();
    int axis =
        Dimensions.axis(call.node().whole("axis", call.graph().opset() < 13 ? 1 : -1), dims.length);
    if (!call.isLast()) {
      throw new OnnxException("Pare has it at the end of a network alone");
    }
    if (dims[axis] != flow.shape().size()) {
      throw new OnnxException(
          "along axis %d of %s; Pare has it over all classes"
              .formatted(axis, Dimensions.text(dims)));
    }
    return List.of(flow);
  }

  static List<Value> add(Call call) {
    return arithmetic(
        call, (a, b) -> a + b, Math::addExact, value -> 1, value -> value, Side.EITHER);
  }

  static List<Value> subtract(Call call) {
    if (call.input(0) instanceof Tensor && !(call.input(1) instanceof Tensor)) {
      return arithmetic(
          call, (a, b) -> a - b, Math::subtractExact, value -> -1, value -> value, Side.EITHER);
    }
    return arithmetic(
        call, (a, b) -> a - b, Math::subtractExact, value -> 1, value -> -value, Side.FIRST);
  }

  static List<Value> multiply(Call call) {
    return arithmetic(
        call, (a, b) -> a * b, Math::multiplyExact, value -> value, value -> 0, Side.EITHER);
  }

  static List<Value> divide(Call call) {
    return arithmetic(
        call,
        (a, b) -> a / b,
        ElementwiseOperators::quotient,
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
    Tensor one = call.constant(0);
    return List.of(folded(one, call.constant(1), Math::pow, (a, b) -> Math.round(Math.pow(a, b))));
  }

  static List<Value> smallest(Call call) {
    return List.of(folded(call.constant(0), call.constant(1), Math::min, Math::min));
  }

  static List<Value> largest(Call call) {
    if (call.inputs().size() == 2) {
      for (int i = 0; i < 2; i++) {
        if (!(call.input(i) instanceof Tensor)
            && call.input(1 - i) instanceof Tensor bound
            && bound.size() == 1
            && bound.isZero()) {
          return List.of(call.builder().activate(call.flow(i), Activation.RELU));
        }
      }
    }
    return List.of(folded(call.constant(0), call.constant(1), Math::max, Math::max));
  }

  /** Where what flows must stand, if the other one is a constant. */
  private enum Side {
    FIRST,
    EITHER
  }

  /**
   * Arithmetic of constants, of a constant and what flows, and sums of what layers make.
   *
   * @param factor of what flows, from the constant
   * @param summand after that, from the constant
   */
  private static List<Value> arithmetic(
      Call call,
      DoubleBinaryOperator numbers,
      LongBinaryOperator wholes,
      java.util.function.DoubleUnaryOperator factor,
      java.util.function.DoubleUnaryOperator summand,
      Side side) {
    boolean first = call.input(0) instanceof Tensor;
    boolean second = call.input(1) instanceof Tensor;
    if (first && second) {
      return List.of(folded(call.constant(0), call.constant(1), numbers, wholes));
    }
    if (!first && !second) {
      if (!call.node().operator().equals("Add")) {
        throw new OnnxException("of what two layers make is not supported; Pare adds them alone");
      }
      return List.of(call.builder().sum(call.flow(0), call.flow(1)));
    }
    if (first && side == Side.FIRST) {
      throw new OnnxException("of a constant by what the network computes is not supported");
    }
    Flow flow = call.flow(first ? 1 : 0);
    Tensor constant = call.constant(first ? 0 : 1);
    int[] dims = Dimensions.broadcast(flow.dims(), constant.dims());
    if (Dimensions.size(dims) != flow.shape().size()) {
      throw new OnnxException(
          "it stretches %s to %s, which is not supported"
              .formatted(Dimensions.text(flow.dims()), Dimensions.text(dims)));
    }
    Flow seen = flow.arranged(Selection.reshaped(dims));
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
