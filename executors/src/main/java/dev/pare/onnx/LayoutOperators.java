package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.ZeroPadding;
import dev.pare.onnx.Flow.Readers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that only move numbers, of constants and of what flows alike. */
final class LayoutOperators {
  private LayoutOperators() {}

  static List<Value> identity(Call call) {
    return List.of(call.input(0));
  }

  static List<Value> dropout(Call call) {
    if (call.has(2) && !call.constant(2).isZero()) {
      throw new OnnxException("it is in training mode; export the network in evaluation mode");
    }
    return List.of(call.input(0));
  }

  static List<Value> reshape(Call call) {
    long[] wanted = call.constant(1).wholes();
    boolean zeros = call.node().whole("allowzero", 0) != 0;
    int[] from = call.input(0).dims();
    if (wanted.length > Dimensions.MOST_SIDES) {
      throw new OnnxException("a tensor of %d axes".formatted(wanted.length));
    }
    int[] to = new int[wanted.length];
    int open = -1;
    long known = 1;
    for (int i = 0; i < to.length; i++) {
      long side = wanted[i];
      if (side == 0 && !zeros) {
        side = from[Dimensions.axis(i, from.length)];
      }
      if (side == -1 && open < 0) {
        open = i;
        continue;
      }
      if (side < 0 || side > Dimensions.MOST_NUMBERS) {
        throw new OnnxException("a side of " + side);
      }
      to[i] = (int) side;
      known = Math.min(known * side, Dimensions.MOST_NUMBERS);
    }
    int size = Dimensions.size(from);
    if (open >= 0) {
      to[open] = known == 0 ? 0 : (int) (size / known);
    }
    return reshaped(call, to);
  }

  private static List<Value> reshaped(Call call, int[] to) {
    Value value = call.input(0);
    int[] from = value.dims();
    if (Dimensions.size(to) != Dimensions.size(from)) {
      throw new OnnxException(
          "%s cannot become %s%s"
              .formatted(
                  Dimensions.text(from),
                  Dimensions.text(to),
                  value instanceof Tensor
                      ? ""
                      : " for one example; where the batch is fixed in the graph, export it with a"
                          + " batch of 1 or an open one"));
    }
    return moved(call, IndexMap.reshaped(to));
  }

  /** The same numbers of the first input, in other places. */
  static List<Value> moved(Call call, IndexMap selection) {
    Value value = call.input(0);
    if (value instanceof Tensor tensor) {
      return List.of(tensor.select(selection));
    }
    return List.of(
        value instanceof Joined joined
            ? call.builder().joins().select(joined, selection)
            : call.builder().arrangement().select(call.flow(0), selection));
  }

  static List<Value> flatten(Call call) {
    int[] from = call.input(0).dims();
    long axis = call.node().whole("axis", 1);
    int split = axis == from.length ? from.length : Dimensions.axis(axis, from.length);
    int before = Dimensions.size(Arrays.copyOf(from, split));
    int after = Dimensions.size(Arrays.copyOfRange(from, split, from.length));
    return reshaped(call, new int[] {before, after});
  }

  static List<Value> squeeze(Call call) {
    int[] from = call.input(0).dims();
    long[] axes = call.settings("axes", 1);
    boolean[] out = new boolean[from.length];
    for (int i = 0; axes == null && i < from.length; i++) {
      out[i] = from[i] == 1;
    }
    for (int i = 0; axes != null && i < axes.length; i++) {
      int axis = Dimensions.axis(axes[i], from.length);
      if (from[axis] != 1) {
        throw new OnnxException("axis %d of %s is not 1".formatted(axis, Dimensions.text(from)));
      }
      out[axis] = true;
    }
    List<Integer> to = new ArrayList<>();
    for (int i = 0; i < from.length; i++) {
      if (!out[i]) {
        to.add(from[i]);
      }
    }
    return reshaped(call, to.stream().mapToInt(Integer::intValue).toArray());
  }

  static List<Value> unsqueeze(Call call) {
    int[] from = call.input(0).dims();
    long[] axes = call.required("axes", 1);
    int rank = from.length + axes.length;
    if (rank > Dimensions.MOST_SIDES) {
      throw new OnnxException("a tensor of %d axes".formatted(rank));
    }
    int[] to = new int[rank];
    for (long axis : axes) {
      int at = Dimensions.axis(axis, rank);
      if (to[at] == 1) {
        throw new OnnxException("axis %d is there twice".formatted(at));
      }
      to[at] = 1;
    }
    int next = 0;
    for (int i = 0; i < rank; i++) {
      if (to[i] == 0) {
        to[i] = from[next++];
      }
    }
    return reshaped(call, to);
  }

  static List<Value> transpose(Call call) {
    int[] from = call.input(0).dims();
    int rank = from.length;
    int[] permutation = new int[rank];
    List<Long> wanted = call.node().wholes("perm").orElse(null);
    boolean[] used = new boolean[rank];
    for (int i = 0; i < rank; i++) {
      permutation[i] = rank - 1 - i;
      if (wanted != null) {
        if (wanted.size() != rank) {
          throw new OnnxException("%d axes for %d".formatted(wanted.size(), rank));
        }
        permutation[i] = Dimensions.axis(wanted.get(i), rank);
      }
      if (used[permutation[i]]) {
        throw new OnnxException("axis %d is there twice".formatted(permutation[i]));
      }
      used[permutation[i]] = true;
    }
    int[] strides = Dimensions.strides(from);
    int[] to = new int[rank];
    int[] steps = new int[rank];
    for (int i = 0; i < rank; i++) {
      to[i] = from[permutation[i]];
      steps[i] = strides[permutation[i]];
    }
    return moved(call, new IndexMap(to, Dimensions.strided(to, 0, steps)));
  }

  /** Zeros around an image. */
  static List<Value> pad(Call call) {
    String mode = call.node().text("mode", "constant");
    if (!mode.equals("constant")) {
      throw new OnnxException(
          "mode = %s is not supported; Pare pads with zeros".formatted(OnnxException.shown(mode)));
    }
    double value = call.has(2) ? call.constant(2).number(0) : call.node().number("value", 0);
    if (value != 0) {
      throw new OnnxException(
          "pads of %s are not supported; Pare pads with zeros".formatted(value));
    }
    Flow flow = call.builder().arrangement().image(call.flow(0));
    int rank = flow.dims().length;
    int[] before = new int[rank];
    int[] after = new int[rank];
    long[] pads = call.required("pads", 1);
    long[] axes = call.has(3) ? call.constant(3).wholes() : null;
    int count = axes == null ? rank : axes.length;
    if (pads.length != 2 * count) {
      throw new OnnxException("%d pads for %d axes".formatted(pads.length, count));
    }
    for (int i = 0; i < count; i++) {
      int axis = axes == null ? i : Dimensions.axis(axes[i], rank);
      if (Math.min(pads[i], pads[count + i]) < 0
          || Math.max(pads[i], pads[count + i]) > (axis < 2 ? 0 : Short.MAX_VALUE)) {
        throw new OnnxException(
            "%d before and %d behind axis %d is not supported; Pare pads height and width"
                .formatted(pads[i], pads[count + i], axis));
      }
      before[axis] = (int) pads[i];
      after[axis] = (int) pads[count + i];
    }
    boolean upright = Windows.isUpright(flow);
    int vertical = upright ? 2 : -1;
    int horizontal = upright ? rank == 4 ? 3 : -1 : 2;
    ZeroPadding zeros =
        new ZeroPadding(
            vertical < 0 ? 0 : before[vertical],
            vertical < 0 ? 0 : after[vertical],
            horizontal < 0 ? 0 : before[horizontal],
            horizontal < 0 ? 0 : after[horizontal]);
    if (zeros.equals(new ZeroPadding(0, 0, 0, 0))) {
      return List.of(flow);
    }
    int[] to = flow.dims().clone();
    for (int axis = 2; axis < rank; axis++) {
      to[axis] += before[axis] + after[axis];
    }
    return List.of(
        call.builder()
            .add(flow, zeros, zeros.output(List.of(flow.shape())), IndexMap.reshaped(to)));
  }

  static List<Value> expand(Call call) {
    int[] from = call.input(0).dims();
    long[] wanted = call.constant(1).wholes();
    int[] sides = sides(wanted);
    int[] to = Dimensions.broadcast(from, sides);
    if (Dimensions.size(to) == Dimensions.size(from)) {
      return reshaped(call, to);
    }
    return moved(call, new IndexMap(to, Dimensions.stretched(from, to)));
  }

  static int[] sides(long[] wanted) {
    if (wanted.length > Dimensions.MOST_SIDES) {
      throw new OnnxException("a tensor of %d axes".formatted(wanted.length));
    }
    int[] sides = new int[wanted.length];
    for (int i = 0; i < sides.length; i++) {
      if (wanted[i] < 0 || wanted[i] > Dimensions.MOST_COMPUTED) {
        throw new OnnxException("a side of " + wanted[i]);
      }
      sides[i] = (int) wanted[i];
    }
    Dimensions.computed(sides);
    return sides;
  }

  static List<Value> concat(Call call) {
    int count = call.inputs().size();
    if (count == 1) {
      return identity(call);
    }
    int[] to = call.input(0).dims().clone();
    int axis = Dimensions.axis(call.node().whole("axis", 0), to.length);
    long side = 0;
    List<Flow> flows = new ArrayList<>();
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] its = call.input(i).dims().clone();
      if (its.length != to.length) {
        throw new OnnxException(
            "it joins tensors of %d and %d axes".formatted(to.length, its.length));
      }
      side += its[axis];
      its[axis] = to[axis];
      if (!Arrays.equals(its, to)) {
        throw new OnnxException(
            "%s cannot be joined to %s".formatted(Dimensions.text(its), Dimensions.text(to)));
      }
      if (call.input(i) instanceof Tensor tensor) {
        tensors.add(tensor);
      } else if (call.input(i) instanceof Joined joined && joined.axis() == axis) {
        flows.addAll(joined.parts());
      } else {
        flows.add(call.flow(i));
      }
    }
    to[axis] = (int) Math.min(side, Integer.MAX_VALUE);
    Dimensions.computed(to);
    if (tensors.isEmpty()) {
      return List.of(new Joined(to, axis, flows, Readers.ONE));
    }
    return List.of(flows.isEmpty() ? joined(tensors, to, axis) : surrounded(call, to, axis));
  }

  /**
   * One value that the network computes among constants, as a class token before an image's
   * patches.
   */
  private static Value surrounded(Call call, int[] to, int axis) {
    List<Tensor> tensors = new ArrayList<>();
    Flow computed = null;
    int before = 0;
    for (int i = 0; i < call.inputs().size(); i++) {
      int[] its = call.input(i).dims();
      if (call.input(i) instanceof Tensor tensor) {
        tensors.add(tensor);
        before += computed == null ? its[axis] : 0;
      } else if (computed == null) {
        computed = call.flow(i);
        tensors.add(Tensor.of(its, new float[Dimensions.size(its)]));
      } else {
        throw new OnnxException("it joins constants to several values that the network computes");
      }
    }
    Flow flow = requireNonNull(computed, "computed");
    float[] constants = joined(tensors, to, axis).floats();
    return call.builder().joins().joined(flow, axis, before, to, constants);
  }

  private static Tensor joined(List<Tensor> tensors, int[] to, int axis) {
    Tensor.Type type = tensors.get(0).type();
    if (tensors.stream().anyMatch(tensor -> tensor.type() != type)) {
      throw new OnnxException("it joins numbers of several types");
    }
    int size = Dimensions.size(to);
    float[] floats = new float[type == Tensor.Type.FLOAT ? size : 0];
    long[] wholes = new long[type == Tensor.Type.FLOAT ? 0 : size];
    int outer = Dimensions.size(Arrays.copyOf(to, axis));
    int at = 0;
    for (int o = 0; o < outer; o++) {
      for (Tensor tensor : tensors) {
        int length = tensor.size() / outer;
        if (type == Tensor.Type.FLOAT) {
          System.arraycopy(tensor.floats(), o * length, floats, at, length);
        } else {
          System.arraycopy(tensor.wholes(), o * length, wholes, at, length);
        }
        at += length;
      }
    }
    return switch (type) {
      case FLOAT -> Tensor.of(to, floats);
      case WHOLE -> Tensor.of(to, wholes);
      case TRUTH -> Tensor.truths(to, wholes);
    };
  }
}
