package dev.pare.onnx;

import dev.pare.candidate.Task;
import dev.pare.graph.InputShape;
import dev.pare.train.Comparison;
import dev.pare.train.ImportedNetwork;
import java.io.IOException;
import onnx.Onnx.ModelProto;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.Descriptors.FieldDescriptor;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;
import org.nd4j.shade.protobuf.WireFormat;

/** ONNX models, whose networks must compute here what they compute in ONNX Runtime. */
public final class OnnxFile {
  private OnnxFile() {}

  /** Whether bytes are a message with the fields of an ONNX model, a graph among them. */
  public static boolean isModel(byte[] file) {
    CodedInputStream in = CodedInputStream.newInstance(file);
    boolean graph = false;
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        FieldDescriptor field =
            ModelProto.getDescriptor().findFieldByNumber(WireFormat.getTagFieldNumber(tag));
        if (field != null && WireFormat.getTagWireType(tag) != field.getLiteType().getWireType()) {
          return false;
        }
        graph |= field != null && field.getNumber() == ModelProto.GRAPH_FIELD_NUMBER;
        in.skipField(tag);
      }
    } catch (IOException e) {
      // What ends early inside of its graph is a damaged model.
      return graph;
    }
    return graph;
  }

  /**
   * A model as one with all of its tensors, whose digest is that of the network.
   *
   * @param path of the model; what its tensors name beside it is read from its folder
   * @return the same bytes if it has no files beside it
   * @throws OnnxException if it is damaged, or a file beside it is not there or would be elsewhere
   * @throws java.io.UncheckedIOException if a file cannot be read
   */
  public static byte[] complete(byte[] file, Path path, Configuration hadoop) {
    ModelProto model = parsed(file);
    ModelProto completed = ExternalData.completed(model, path, hadoop);
    return completed == model ? file : completed.toByteArray();
  }

  /** Reads a classifier, as {@link #read(byte[], InputShape, float[], Task)} does. */
  public static ImportedNetwork read(byte[] file, InputShape input, float[] examples) {
    return read(file, input, examples, Task.CLASSIFICATION);
  }

  /**
   * Reads a network and compares its outputs, before their softmax, with those of ONNX Runtime.
   *
   * @param file a model with all of its tensors
   * @param input what the network reads
   * @param examples to compare on, {@code [count × features]}, raw, at least one
   * @param task what is asked of it: a classifier's outputs are taken before their softmax or
   *     log-softmax, all others as they are
   * @throws OnnxException naming what of the model is damaged or not supported
   * @throws IllegalArgumentException naming the difference where it is above 10⁻⁴ of the largest
   *     output
   */
  public static ImportedNetwork read(byte[] file, InputShape input, float[] examples, Task task) {
    ModelProto model = parsed(file);
    if (model.getProducerName().equals("pare") && input.divisor() != 1) {
      throw new OnnxException(
          "Pare exported it, for features as they are; set data.divisor = 1 (it is %s)"
              .formatted(input.divisor()));
    }
    return read(model, input, InputLayout.Order.CHANNELS_FIRST, examples, task);
  }

  /** Reads a network likewise, whose channels come in this order if its input fits both. */
  static ImportedNetwork read(
      ModelProto model, InputShape input, InputLayout.Order order, float[] examples, Task task) {
    Graph graph = GraphReader.read(model);
    Import.Imported classifier = Import.of(graph, input, order);
    Import.Imported imported =
        task == Task.CLASSIFICATION ? classifier : classifier.withOutputsAsTheyAre(graph);
    return new Comparison("ONNX Runtime", task)
        .checked(
            imported.network(),
            examples,
            (some, count) -> RuntimeOutputs.logits(model, imported, input, some));
  }

  static ModelProto parsed(byte[] file) {
    try {
      return ModelProto.parseFrom(file);
    } catch (InvalidProtocolBufferException e) {
      throw new OnnxException("not an ONNX model, or a damaged one: " + e.getMessage(), e);
    }
  }
}
