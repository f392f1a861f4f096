package dev.pare.onnx;

import dev.pare.graph.Mask;
import dev.pare.graph.Shape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Constants that hide numbers: those that are replaced, or that so much is taken from that nothing
 * is left of them behind a softmax, all by the same number.
 */
final class Masks {
  /** What is added to a hidden number is at most this. */
  private static final double HIDING = -1e3;

  private Masks() {}

  /**
   * Numbers of one of which there is a constant where a condition holds, or does not.
   *
   * @throws OnnxException if there are constants on both sides or on none
   */
  static List<Value> chosen(Call call) {
    Tensor condition = call.constant(0);
    boolean first = call.input(1) instanceof Tensor;
    if (first == call.input(2) instanceof Tensor) {
      throw new OnnxException(
          "between what two layers make is not supported; Pare has constants in place of some"
              + " numbers");
    }
    Tensor constant = call.constant(first ? 1 : 2);
    Flow flow = call.flow(first ? 2 : 1);
    int[] dims =
        Dimensions.broadcast(condition.dims(), Dimensions.broadcast(constant.dims(), flow.dims()));
    Flow seen = ArithmeticOperators.seen(flow, dims);
    int[] conditions = Dimensions.stretched(condition.dims(), dims);
    int[] constants = Dimensions.stretched(constant.dims(), dims);
    Affine affine = Affine.identity(conditions.length);
    for (int i = 0; i < conditions.length; i++) {
      if (condition.number(conditions[i]) != 0 == first) {
        affine.factor()[seen.place(i)] = 0;
        affine.summand()[seen.place(i)] = constant.number(constants[i]);
      }
    }
    return List.of(call.builder().multiplyAdd(seen, affine));
  }

  /**
   * A value with some numbers hidden, and all else done to it; empty if none or all are hidden, or
   * not all by the same number and effect.
   */
  static Optional<Flow> masked(NetworkBuilder builder, Flow read, Affine affine) {
    BitSet hidden = new BitSet();
    for (int i = 0; i < affine.factor().length; i++) {
      hidden.set(i, affine.factor()[i] == 0 || affine.summand()[i] <= HIDING);
    }
    int first = hidden.nextSetBit(0);
    int kept = hidden.nextClearBit(0);
    if (first < 0 || kept == affine.factor().length) {
      return Optional.empty();
    }
    Affine rest = new Affine(affine.factor().clone(), affine.summand().clone());
    boolean replaced = isReplaced(affine, first);
    for (int i = first; i >= 0; i = hidden.nextSetBit(i + 1)) {
      if (affine.summand()[i] != affine.summand()[first] || isReplaced(affine, i) != replaced) {
        return Optional.empty();
      }
      rest.factor()[i] = replaced ? affine.factor()[kept] : affine.factor()[i];
      rest.summand()[i] = affine.summand()[kept];
    }
    double hiding = affine.summand()[first] - (replaced ? 0 : affine.summand()[kept]);
    Flow flow = builder.settled(read.withAffine(rest.isIdentity() ? null : rest));
    Shape shape = flow.shape();
    boolean[] pattern = new boolean[shape.size()];
    for (int i = 0; i < pattern.length; i++) {
      int place = flow.place(i);
      int number = place % shape.places() * shape.channels() + place / shape.places();
      pattern[number] = hidden.get(read.place(i));
    }
    Mask mask =
        Mask.of(
            replaced ? Mask.Effect.REPLACED : Mask.Effect.SHIFTED,
            finite(hiding),
            period(pattern, shape.channels(), shape.channels() * shape.width()));
    return Optional.of(builder.add(flow, mask, shape, flow.seen()));
  }

  private static boolean isReplaced(Affine affine, int index) {
    return affine.factor()[index] == 0 || affine.summand()[index] == Double.NEGATIVE_INFINITY;
  }

  /** Infinity as the largest number: softmax makes the same of it. */
  private static float finite(double number) {
    return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, number));
  }

  /** As much of a pattern as it repeats: one of some lengths, or all. */
  private static boolean[] period(boolean[] pattern, int... lengths) {
    for (int length : lengths) {
      int i = length;
      while (i < pattern.length && pattern[i] == pattern[i - length]) {
        i++;
      }
      if (i == pattern.length) {
        return Arrays.copyOf(pattern, length);
      }
    }
    return pattern;
  }
}
