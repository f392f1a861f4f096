package dev.pare.onnx;

import dev.pare.graph.Layer;
import dev.pare.graph.Shape;
import dev.pare.onnx.Flow.Readers;
import java.util.List;

/** A layer of a network that is being read, its parameters and what is around it. */
final class BuiltLayer {
  Layer layer;
  final List<Integer> inputs;
  float[][] tensors;
  Shape out;

  /** Of what it reads first. */
  final Readers readers;

  /** Of attention, whether its last projection is still to come. */
  boolean open;

  BuiltLayer(Layer layer, List<Integer> inputs, float[][] tensors, Shape out, Readers readers) {
    this.layer = layer;
    this.inputs = inputs;
    this.tensors = tensors;
    this.out = out;
    this.readers = readers;
  }
}
