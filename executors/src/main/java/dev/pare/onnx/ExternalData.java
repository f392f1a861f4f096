package dev.pare.onnx;

import dev.pare.data.FilePaths;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * Brings the numbers of tensors into a model that are in files beside it. Such files are in the
 * model's folder, or in folders there, and no links. Tensors that do not lead to an output are not
 * looked for: those of them that are in files are left out.
 */
final class ExternalData {
  private static final int MOST_CHARACTERS = 1_000;

  /** Tensors may share what a file has, but a small file must not become a large model. */
  private static final int MOST_SHARING = 4;

  /** What a message of protocol buffers, and an array, may have. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - (1L << 24);

  private final Path folder;
  private final FileSystem fileSystem;
  private final Map<String, Long> lengths = new HashMap<>();
  private long bytes;

  private ExternalData(Path folder, FileSystem fileSystem) {
    this.folder = folder;
    this.fileSystem = fileSystem;
  }

  /**
   * The model with all of its tensors; the same one if it has them already.
   *
   * @param file the model's
   * @throws OnnxException if a file beside it is not there, is too short, or would be elsewhere
   */
  static ModelProto completed(ModelProto model, Path file, Configuration hadoop) {
    GraphProto graph = model.getGraph();
    if (graph.getInitializerList().stream().noneMatch(ExternalData::isExternal)
        && graph.getNodeList().stream().noneMatch(ExternalData::isExternal)) {
      return model;
    }
    try {
      FileSystem fileSystem = file.getFileSystem(hadoop);
      Path folder = fileSystem.makeQualified(file).getParent();
      return new ExternalData(folder, fileSystem).completed(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static boolean isExternal(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        || tensor.getExternalDataCount() > 0;
  }

  private static boolean isExternal(NodeProto node) {
    return node.getAttributeList().stream().anyMatch(attribute -> isExternal(attribute.getT()));
  }

  private ModelProto completed(ModelProto model) throws IOException {
    Set<String> read = read(model.getGraph());
    Set<String> left = new HashSet<>();
    GraphProto.Builder graph = model.getGraph().toBuilder();
    graph.clearInitializer();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      if (!isExternal(tensor)) {
        graph.addInitializer(tensor);
      } else if (read.contains(tensor.getName())) {
        graph.addInitializer(completed(tensor));
      } else {
        left.add(tensor.getName());
      }
    }
    graph.clearNode();
    for (NodeProto node : model.getGraph().getNodeList()) {
      if (!isExternal(node)) {
        graph.addNode(node);
      } else if (!Collections.disjoint(node.getOutputList(), read)) {
        graph.addNode(completed(node));
      }
    }
    // Files of old versions list constants among their inputs, too.
    graph.clearInput();
    for (ValueInfoProto input : model.getGraph().getInputList()) {
      if (!left.contains(input.getName())) {
        graph.addInput(input);
      }
    }
    return model.toBuilder().setGraph(graph).build();
  }

  /** The names of all values that outputs depend on. */
  private static Set<String> read(GraphProto graph) {
    Set<String> read = new HashSet<>();
    graph.getOutputList().forEach(output -> read.add(output.getName()));
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph.getNode(i);
      if (!Collections.disjoint(node.getOutputList(), read)) {
        read.addAll(node.getInputList());
      }
    }
    return read;
  }

  private NodeProto completed(NodeProto proto) throws IOException {
    NodeProto.Builder node = proto.toBuilder();
    for (int i = 0; i < node.getAttributeCount(); i++) {
      AttributeProto attribute = node.getAttribute(i);
      if (isExternal(attribute.getT())) {
        node.setAttribute(i, attribute.toBuilder().setT(completed(attribute.getT())));
      }
    }
    return node.build();
  }

  private TensorProto completed(TensorProto tensor) throws IOException {
    try {
      return tensor.toBuilder()
          .setRawData(numbers(tensor))
          .clearExternalData()
          .clearDataLocation()
          .build();
    } catch (OnnxException e) {
      throw new OnnxException(
          "tensor " + OnnxException.shown(tensor.getName()) + ": " + e.getMessage(), e);
    }
  }

  private ByteString numbers(TensorProto tensor) throws IOException {
    String location = null;
    long offset = 0;
    long length = (long) Dimensions.size(TensorReader.dims(tensor)) * TensorReader.width(tensor);
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      switch (entry.getKey()) {
        case "location" -> location = entry.getValue();
        case "offset" -> offset = number(entry);
        case "length" -> {
          if (number(entry) != length) {
            throw new OnnxException(
                "%d bytes of its file for %d of its numbers".formatted(number(entry), length));
          }
        }
        case "checksum" -> {}
        default ->
            throw new OnnxException("external data have no " + OnnxException.shown(entry.getKey()));
      }
    }
    if (location == null) {
      throw new OnnxException("external data without a location");
    }
    Path file = file(location);
    long there = length(location, file);
    if (offset > there - length) {
      throw new OnnxException(
          "bytes %d to %d of %s, which has %d"
              .formatted(offset, offset + length, OnnxException.shown(location), there));
    }
    bytes += length;
    long all = lengths.values().stream().mapToLong(Long::longValue).sum();
    if (bytes > MOST_BYTES || bytes > MOST_SHARING * all) {
      throw new OnnxException("the tensors have more bytes than their files");
    }
    byte[] numbers = new byte[(int) length];
    try (FSDataInputStream in = FilePaths.open(fileSystem, file)) {
      in.readFully(offset, numbers);
    }
    return UnsafeByteOperations.unsafeWrap(numbers);
  }

  private static long number(StringStringEntryProto entry) {
    String text = entry.getValue();
    if (!text.matches("[0-9]{1,18}")) {
      throw new OnnxException(
          "%s = %s: must be a whole number, at least 0"
              .formatted(entry.getKey(), OnnxException.shown(text)));
    }
    return Long.parseLong(text);
  }

  /** A file below the model's folder, whatever the location would like. */
  private Path file(String location) throws IOException {
    String problem =
        "external data in %s: must be a file in the model's folder, without .. or links"
            .formatted(OnnxException.shown(location));
    if (location.length() > MOST_CHARACTERS || !location.matches("[^\\p{C}:\\\\]+")) {
      throw new OnnxException(problem);
    }
    Path file = folder;
    for (String part : location.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new OnnxException(problem);
      }
      file = new Path(file, part);
      if (isLink(file)) {
        throw new OnnxException(problem);
      }
    }
    return file;
  }

  private boolean isLink(Path file) throws IOException {
    try {
      // Hadoop's own file system for local files looks for links in the wrong place.
      return "file".equals(file.toUri().getScheme())
          ? Files.isSymbolicLink(java.nio.file.Path.of(file.toUri().getPath()))
          : fileSystem.getFileLinkStatus(file).isSymlink();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  private long length(String location, Path file) throws IOException {
    Long known = lengths.get(location);
    if (known != null) {
      return known;
    }
    try {
      if (!fileSystem.getFileStatus(file).isFile() || FilePaths.isStream(fileSystem, file)) {
        throw new OnnxException(OnnxException.shown(location) + " is no file");
      }
      long length = fileSystem.getFileStatus(file).getLen();
      lengths.put(location, length);
      return length;
    } catch (FileNotFoundException e) {
      throw new OnnxException(
          "there is no file %s beside the model".formatted(OnnxException.shown(location)), e);
    }
  }
}
