package dev.pare.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that take parts of a tensor, of constants and of what flows alike. */
final class SelectionOperators {
  private SelectionOperators() {}

  static List<Value> slice(Call call) {
    int[] from = call.input(0).dims();
    int rank = from.length;
    long[] starts = call.required("starts", 1);
    long[] ends = call.required("ends", 2);
    long[] axes = call.settings("axes", 3);
    long[] steps = call.has(4) ? call.constant(4).wholes() : null;
    if (ends.length != starts.length
        || axes != null && axes.length != starts.length
        || steps != null && steps.length != starts.length
        || starts.length > rank) {
      throw new OnnxException("starts, ends, axes and steps are not as many");
    }
    int[] to = from.clone();
    int[] strides = Dimensions.strides(from);
    int first = 0;
    boolean[] used = new boolean[rank];
    for (int i = 0; i < starts.length; i++) {
      int axis = Dimensions.axis(axes == null ? i : axes[i], rank);
      if (used[axis]) {
        throw new OnnxException("axis %d is there twice".formatted(axis));
      }
      used[axis] = true;
      long step = steps == null ? 1 : steps[i];
      if (step == 0 || step == Long.MIN_VALUE) {
        throw new OnnxException("a step of " + step);
      }
      int side = from[axis];
      long start = clamp(starts[i], side, step < 0 ? side - 1 : side, 0);
      long end = clamp(ends[i], side, step < 0 ? side - 1 : side, step < 0 ? -1 : 0);
      long span = step > 0 ? end - start : start - end;
      long size = Math.abs(step);
      to[axis] = (int) (span <= 0 ? 0 : (span - 1) / size + 1);
      first += (int) start * strides[axis];
      // A step that is not taken may be as long as it likes.
      strides[axis] = to[axis] <= 1 ? 0 : (int) (strides[axis] * step);
    }
    int[] places = Dimensions.size(to) == 0 ? new int[0] : Dimensions.strided(to, first, strides);
    return LayoutOperators.moved(call, new IndexMap(to, places));
  }

  private static long clamp(long index, int side, int most, int least) {
    long front = index < 0 ? index + side : index;
    return Math.max(least, Math.min(most, front));
  }

  static List<Value> gather(Call call) {
    if (call.input(0) instanceof Tensor && !(call.input(1) instanceof Tensor)) {
      return WeightOperators.embedding(call);
    }
    Tensor indices = call.constant(1);
    Value source = call.input(0);
    int[] from = source.dims();
    int axis = Dimensions.axis(call.node().whole("axis", 0), from.length);
    long[] wanted = indices.wholes();
    int[] to = new int[from.length - 1 + indices.dims().length];
    if (to.length > Dimensions.MOST_SIDES) {
      throw new OnnxException("a tensor of %d axes".formatted(to.length));
    }
    System.arraycopy(from, 0, to, 0, axis);
    System.arraycopy(indices.dims(), 0, to, axis, indices.dims().length);
    System.arraycopy(from, axis + 1, to, axis + indices.dims().length, from.length - axis - 1);
    int outer = Dimensions.size(Arrays.copyOf(from, axis));
    int inner = Dimensions.size(Arrays.copyOfRange(from, axis + 1, from.length));
    int[] places = new int[Dimensions.computed(to)];
    int at = 0;
    for (int o = 0; o < outer && places.length > 0; o++) {
      for (long index : wanted) {
        int place = (o * from[axis] + Dimensions.axis(index, from[axis])) * inner;
        for (int i = 0; i < inner; i++) {
          places[at++] = place + i;
        }
      }
    }
    return LayoutOperators.moved(call, new IndexMap(to, places));
  }

  static List<Value> split(Call call) {
    int[] from = call.input(0).dims();
    int axis = Dimensions.axis(call.node().whole("axis", 0), from.length);
    int count = call.node().outputs().size();
    long[] sides = call.settings("split", 1);
    if (sides == null) {
      // As equal as they can be, the last one the smallest.
      long each = (from[axis] + count - 1L) / count;
      sides = new long[count];
      for (int i = 0; i < count; i++) {
        sides[i] = Math.max(0, Math.min(each, from[axis] - i * each));
      }
    }
    if (sides.length != count || Arrays.stream(sides).sum() != from[axis]) {
      throw new OnnxException("%d parts of %d along axis %d".formatted(count, from[axis], axis));
    }
    int[] strides = Dimensions.strides(from);
    List<Value> parts = new ArrayList<>();
    int first = 0;
    for (long side : sides) {
      if (side < 0 || side > from[axis] - first) {
        throw new OnnxException("a part of %d along axis %d".formatted(side, axis));
      }
      int[] to = from.clone();
      to[axis] = (int) side;
      int[] places = Dimensions.strided(to, first * strides[axis], strides);
      parts.addAll(LayoutOperators.moved(call, new IndexMap(to, places)));
      first += (int) side;
    }
    return parts;
  }
}
