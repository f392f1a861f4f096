package dev.pare.onnx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.candidate.Task;
import dev.pare.graph.InputShape;
import dev.pare.train.ImportedNetwork;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.ModelProto;

/**
 * Whole models that Keras 2 saves in HDF5 files, {@code model.save("x.h5")}. A model becomes the
 * ONNX model that exporters would make of it, and is read as such.
 *
 * <p>Nothing of a file is run, and no more is read of it than it has bytes.
 */
public final class KerasFile {
  private static final byte[] MAGIC = "\u0089HDF\r\n\u001a\n".getBytes(ISO_8859_1);
  private static final String CONVERT =
      "; convert it with python -m tf2onnx.convert --keras FILE --output network.onnx, and name"
          + " that";

  private static final String CONFIGURATION = "model_config";
  private static final String WEIGHT_NAMES = "weight_names";
  private static final int MOST_TEXT = 1 << 24;
  private static final int MOST_NAMES = 1 << 12;
  private static final int MOST_PARTS = 16;

  /** Bytes of a text's length, a collection's address, and a number. */
  private static final int REFERENCE = 16;

  /** HDF5's mark of fractions whose first bit is 1 and left out. */
  private static final int IMPLIED = 2;

  private final ByteBuffer file;
  private final Group layers;

  /** Layers whose weights were read, in their order. */
  private final List<String> weighted = new ArrayList<>();

  /** How many numbers the file has room for, beside those that were read. */
  private long left;

  private KerasFile(byte[] file, Group layers) {
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    this.layers = layers;
    this.left = file.length / Float.BYTES;
  }

  /** Whether bytes are an HDF5 file. */
  public static boolean isHdf5(byte[] file) {
    return file.length >= MAGIC.length
        && Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * Reads a network, and compares its outputs with those of the ONNX model in ONNX Runtime.
   *
   * @param input what the network reads
   * @param examples to compare on, {@code [count × features]}, raw, at least one
   * @param task what is asked of it
   * @throws OnnxException naming what of the file is damaged or not supported
   */
  public static ImportedNetwork read(byte[] file, InputShape input, float[] examples, Task task) {
    return OnnxFile.read(model(file), input, InputLayout.Order.CHANNELS_LAST, examples, task);
  }

  /** The model in ONNX. */
  static ModelProto model(byte[] file) {
    try (HdfFile hdf = HdfFile.fromBytes(file)) {
      if (hdf.getUserBlockSize() != 0) {
        throw new OnnxException("an HDF5 file behind a user block, which Keras writes none of");
      }
      Attribute text = hdf.getAttribute(CONFIGURATION);
      if (text == null || !(hdf.getChild("model_weights") instanceof Group weights)) {
        throw new OnnxException(
            "an HDF5 file without a whole model; save it with model.save, not save_weights");
      }
      KerasVersion version = version(hdf);
      checkBackend(hdf);
      checkBackend(weights);
      JsonNode model = new ObjectMapper().readTree(string(text));
      KerasFile keras = new KerasFile(file, weights);
      ModelProto read = new KerasModel(version, keras::weights).model(model);
      keras.checkOrder();
      return read;
    } catch (OnnxException e) {
      throw e;
    } catch (JsonProcessingException e) {
      throw new OnnxException(CONFIGURATION + ": is no JSON", e);
    } catch (OutOfMemoryError e) {
      // The library makes room for as many nodes of a tree as one says that it has.
      throw new OnnxException("an HDF5 file that asks for more memory than there is: " + e, e);
    } catch (RuntimeException | StackOverflowError e) {
      // The library throws exceptions of many types for damaged files.
      throw new OnnxException("a damaged HDF5 file, or none that is supported: " + e, e);
    }
  }

  private static KerasVersion version(HdfFile hdf) {
    Attribute attribute = hdf.getAttribute("keras_version");
    KerasVersion version = new KerasVersion(attribute == null ? "" : string(attribute));
    if (!version.isSecond()) {
      throw new OnnxException(
          "saved by Keras "
              + OnnxException.shown(version.text())
              + ", of which Pare reads version 2"
              + CONVERT);
    }
    return version;
  }

  /** Of other backends than TensorFlow, kernels may be flipped. */
  private static void checkBackend(Group of) {
    Attribute backend = of.getAttribute("backend");
    if (backend != null && !string(backend).equals("tensorflow")) {
      throw new OnnxException(
          "saved by Keras on the backend "
              + OnnxException.shown(string(backend))
              + ", whose kernels may lie otherwise: must be tensorflow; load it with Keras 2 on"
              + " TensorFlow, and save it again");
    }
  }

  private static String string(Attribute attribute) {
    // Of several, each may be the same one of the file's.
    if (!attribute.isScalar()
        || attribute.getSizeInBytes() > MOST_TEXT
        || !(attribute.getData() instanceof String text)) {
      throw new OnnxException(
          "attribute %s: must be one text of at most %d bytes"
              .formatted(attribute.getName(), MOST_TEXT));
    }
    return text;
  }

  /** Names in an attribute, none if it is not there or empty. */
  private List<String> names(Group of, String attribute) {
    Attribute whole = of.getAttribute(attribute);
    if (whole != null) {
      return names(of, whole);
    }
    // Keras divides what is too long for one attribute.
    List<String> all = new ArrayList<>();
    for (int part = 0; part < MOST_PARTS; part++) {
      Attribute some = of.getAttribute(attribute + part);
      if (some == null) {
        break;
      }
      all.addAll(names(of, some));
    }
    return all;
  }

  private List<String> names(Group of, Attribute names) {
    if (names.isEmpty() || names.getSize() == 0) {
      return List.of();
    }
    if (names.getSize() > MOST_NAMES
        || names.getSizeInBytes() > MOST_TEXT
        || names.getDataType() instanceof VariableLength && !areApart(names)
        || !(names.getData() instanceof String[] texts)) {
      throw new OnnxException(
          "%s of %s: must be at most %d names, each a text of its own"
              .formatted(names.getName(), OnnxException.shown(of.getName()), MOST_NAMES));
    }
    return List.of(texts);
  }

  /**
   * Whether texts lie in the file beside each other: of such, there are no more than it has bytes.
   * Each refers to a collection of texts by its address, and to one of these by its number.
   */
  private boolean areApart(Attribute texts) {
    if (texts.getDataType().getSize() != REFERENCE) {
      return false;
    }
    ByteBuffer references = texts.getBuffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    Set<ByteBuffer> all = new HashSet<>();
    Set<Long> collections = new HashSet<>();
    long size = 0;
    while (references.remaining() >= REFERENCE) {
      references.getInt();
      ByteBuffer reference = references.slice().limit(REFERENCE - Integer.BYTES);
      long address = references.getLong();
      boolean none = references.getInt() == 0;
      if (!none && !all.add(reference)) {
        return false;
      }
      if (!none && collections.add(address)) {
        // Behind a signature and a version.
        long its = file.getLong(Math.toIntExact(address + Long.BYTES));
        size += its;
        if (its < 0 || size > file.capacity()) {
          return false;
        }
      }
    }
    return !references.hasRemaining();
  }

  /** Keras goes by the order of layers with weights, whatever their names are. */
  private void checkOrder() {
    List<String> named = new ArrayList<>();
    for (String layer : names(layers, "layer_names")) {
      if (layers.getChild(layer) instanceof Group group && !names(group, WEIGHT_NAMES).isEmpty()) {
        named.add(layer);
      }
    }
    if (!named.equals(weighted)) {
      throw new OnnxException(
          "layer_names: must have the layers with weights in the model's order, by which Keras loads"
              + " them, with as many; save the model again with Keras");
    }
  }

  /** A layer's tensors, in Keras's order. */
  private List<KerasModel.Weights> weights(String layer) {
    if (!(layers.getChild(layer) instanceof Group group)) {
      return List.of();
    }
    List<KerasModel.Weights> found = new ArrayList<>();
    for (String name : names(group, WEIGHT_NAMES)) {
      Dataset data = dataset(group, name);
      left -= data.getSize();
      // What is not there, packed, or there twice may be any size; Keras packs nothing.
      if (left < 0
          || !data.getFilters().isEmpty()
          || !isPlain(data.getDataType())
          || data.getStorageInBytes() < data.getSize() * Float.BYTES
          || !(data.getDataFlat() instanceof float[] values)) {
        throw new OnnxException(
            OnnxException.shown(name) + ": must be plain 32-bit numbers, not compressed");
      }
      found.add(new KerasModel.Weights(name, data.getDimensions(), values));
    }
    if (!found.isEmpty()) {
      weighted.add(layer);
    }
    return found;
  }

  /** Whether numbers are of IEEE 754's binary32, as the library takes all of four bytes. */
  private static boolean isPlain(DataType type) {
    return type instanceof FloatingPoint number
        && number.getSize() == Float.BYTES
        && number.getBitOffset() == 0
        && number.getBitPrecision() == Float.SIZE
        && number.getSignLocation() == 31
        && number.getExponentLocation() == 23
        && number.getExponentSize() == 8
        && number.getExponentBias() == Float.MAX_EXPONENT
        && number.getMantissaLocation() == 0
        && number.getMantissaSize() == 23
        && number.getMantissaNormalization() == IMPLIED;
  }

  /** A dataset below a group, not through a link, which may lead out of the file. */
  private static Dataset dataset(Group group, String path) {
    Node node = group;
    for (String part : path.split("/")) {
      node = node instanceof Group parent ? parent.getChild(part) : null;
      if (node == null || node.isLink()) {
        throw new OnnxException(
            "%s: %s"
                .formatted(
                    OnnxException.shown(path),
                    node == null ? "is not there" : "is a link, which is not followed"));
      }
    }
    if (!(node instanceof Dataset data)) {
      throw new OnnxException(OnnxException.shown(path) + ": is no dataset");
    }
    return data;
  }
}
