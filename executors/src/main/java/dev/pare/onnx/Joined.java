package dev.pare.onnx;

import java.util.List;

/**
 * Outputs of several layers side by side, of which Pare can take one out again. Exporters join the
 * last states of all LSTMs so.
 *
 * @param axis along which they are joined
 * @param parts of the same sides but for that axis
 */
record Joined(int[] dims, int axis, List<Flow> parts) implements Value {
  Joined {
    parts = List.copyOf(parts);
  }
}
