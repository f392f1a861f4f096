package dev.pare.export;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Quantization;
import java.util.List;

/** An ONNX model of a network. */
public final class ExportedModel {
  private final byte[] bytes;
  private final CompressedNetwork source;
  private final Network written;
  private final List<String> layers;
  private final boolean exact;

  /**
   * @param source what was exported
   * @param written the same network with the weights that the model has
   * @param layers names of the values that the layers make, the last one's before a softmax
   * @param exact whether every sum is one of whole numbers
   */
  ExportedModel(
      byte[] bytes, CompressedNetwork source, Network written, List<String> layers, boolean exact) {
    this.bytes = requireNonNull(bytes, "bytes is null");
    this.source = requireNonNull(source, "source is null");
    this.written = requireNonNull(written, "written is null");
    this.layers = List.copyOf(layers);
    this.exact = exact;
  }

  /** The file, not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  CompressedNetwork source() {
    return source;
  }

  /** The network that the model is: the source's, its weights rounded as they are in the model. */
  public Network written() {
    return written;
  }

  /** Whether the file's activations have 8 bits, so that it is computed in integers. */
  public boolean isInteger() {
    return Quantization.isIn(source.architecture());
  }

  /** Whether every sum is one of whole numbers, so that outputs are the same to the bit. */
  boolean isExact() {
    return exact;
  }

  /**
   * By how much weights were rounded for the model: the norm of all differences as a share of the
   * weights' norm.
   */
  public double rounding() {
    float[] original = source.toNetwork().parameters();
    double differences = 0;
    double squares = 0;
    for (ParameterTensor tensor : written.architecture().tensors()) {
      for (int i = tensor.offset(); tensor.isWeight() && i < tensor.end(); i++) {
        double difference = (double) written.parameters()[i] - original[i];
        differences += difference * difference;
        squares += (double) original[i] * original[i];
      }
    }
    return differences == 0 ? 0 : Math.sqrt(differences / squares);
  }

  /**
   * Names of the values that the layers make; of a model whose activations are quantized only the
   * last is sure to be there.
   */
  List<String> layers() {
    return layers;
  }

  /** Name of the outputs before a softmax. */
  String logits() {
    return layers.get(layers.size() - 1);
  }
}
