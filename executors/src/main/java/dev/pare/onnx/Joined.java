package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.onnx.Flow.Readers;
import java.util.List;

/**
 * Outputs of several layers side by side, which become a layer as soon as something reads more than
 * one of them. Exporters join the last states of all LSTMs so, to take out one again.
 *
 * @param axis along which they are joined
 * @param parts of the same sides but for that axis
 * @param readers whether others may read the same
 */
record Joined(int[] dims, int axis, List<Flow> parts, Readers readers) implements Value {
  Joined {
    parts = List.copyOf(parts);
    requireNonNull(readers, "readers is null");
  }

  Joined withReaders(Readers all) {
    return new Joined(dims, axis, parts, all);
  }
}
