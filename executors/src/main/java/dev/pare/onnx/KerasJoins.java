package dev.pare.onnx;

import dev.pare.onnx.KerasModel.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Layers of several values, and those that only move numbers. */
final class KerasJoins {
  private KerasJoins() {}

  static Value flattened(KerasCall call) {
    call.settings().is("data_format", "channels_last");
    Value in = call.input();
    return call.reshaped(in, IntStream.of(in.dims()).reduce(1, Math::multiplyExact));
  }

  static Value reshaped(KerasCall call) {
    return call.reshaped(call.input(), call.settings().list("target_shape", -1));
  }

  static Value permuted(KerasCall call) {
    Value in = call.input();
    int rank = in.dims().length;
    int[] sides = call.settings().list("dims", 1);
    int[] permutation = new int[rank + 1];
    int[] dims = new int[rank];
    if (!Arrays.equals(
        IntStream.of(sides).sorted().toArray(), IntStream.rangeClosed(1, rank).toArray())) {
      throw new OnnxException("dims = %s: must be 1 to %d".formatted(Arrays.toString(sides), rank));
    }
    for (int i = 0; i < rank; i++) {
      permutation[i + 1] = sides[i];
      dims[i] = in.dims()[sides[i] - 1];
    }
    return new Value(call.onnx().node("Transpose", Map.of("perm", permutation), in.name()), dims);
  }

  static Value repeated(KerasCall call) {
    Value in = call.input(0);
    int steps = call.settings().whole("n", 0, 1, 1 << 20);
    Value one = call.reshaped(in, 1, in.channels());
    String sides = call.onnx().constant(1L, steps, in.channels());
    return new Value(
        call.onnx().node("Expand", Map.of(), one.name(), sides), new int[] {steps, in.channels()});
  }

  /** Number by number. */
  static KerasLayers.Meaning combined(String operator) {
    return call -> combined(call, operator);
  }

  private static Value combined(KerasCall call, String operator) {
    List<Value> inputs = call.inputs();
    if (inputs.size() < 2 || operator.equals("Sub") && inputs.size() > 2) {
      throw new OnnxException("reads " + inputs.size() + " values");
    }
    Value all = inputs.get(0);
    for (Value next : inputs.subList(1, inputs.size())) {
      if (all.dims().length != next.dims().length) {
        throw new OnnxException("reads values of different ranks");
      }
      int[] dims = Dimensions.broadcast(all.dims(), next.dims());
      all = new Value(call.onnx().node(operator, Map.of(), all.name(), next.name()), dims);
    }
    return all;
  }

  static Value average(KerasCall call) {
    String share = call.onnx().constant(new int[0], 1f / call.inputs().size());
    return call.each(combined(call, "Add"), "Mul", Map.of(), share);
  }

  static Value concatenated(KerasCall call) {
    List<Value> inputs = call.inputs();
    int[] dims = inputs.get(0).dims().clone();
    int rank = dims.length;
    int axis = call.settings().only("axis", -1);
    int at = axis < 0 ? axis + rank : axis - 1;
    if (axis == 0 || at < 0 || at >= rank) {
      throw new OnnxException("axis = %d: must be one of %d sides".formatted(axis, rank));
    }
    for (Value next : inputs.subList(1, inputs.size())) {
      if (next.dims().length != rank) {
        throw new OnnxException("reads values of different ranks");
      }
      dims[at] = Math.addExact(dims[at], next.dims()[at]);
    }
    String[] names = inputs.stream().map(Value::name).toArray(String[]::new);
    return new Value(call.onnx().node("Concat", Map.of("axis", at + 1), names), dims);
  }
}
