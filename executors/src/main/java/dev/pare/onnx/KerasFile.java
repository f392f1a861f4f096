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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  private static final int MOST_CONFIGURATION = 1 << 24;
  private static final int MOST_NAMES = 1 << 12;

  private final Group layers;

  /** How many numbers the file has room for, beside those that were read. */
  private long left;

  private KerasFile(Group layers, long numbers) {
    this.layers = layers;
    this.left = numbers;
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
      Attribute text = hdf.getAttribute(CONFIGURATION);
      if (text == null || !(hdf.getChild("model_weights") instanceof Group weights)) {
        throw new OnnxException(
            "an HDF5 file without a whole model; save it with model.save, not save_weights");
      }
      KerasVersion version = version(hdf);
      checkBackend(hdf);
      checkBackend(weights);
      if (text.getSizeInBytes() > MOST_CONFIGURATION) {
        throw new OnnxException(CONFIGURATION + ": more than " + MOST_CONFIGURATION + " bytes");
      }
      JsonNode model = new ObjectMapper().readTree(string(text));
      KerasFile keras = new KerasFile(weights, file.length / Float.BYTES);
      return new KerasModel(version, keras::weights).model(model);
    } catch (OnnxException e) {
      throw e;
    } catch (JsonProcessingException e) {
      throw new OnnxException(CONFIGURATION + ": is no JSON", e);
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
    if (!(attribute.getData() instanceof String text)) {
      throw new OnnxException("attribute " + attribute.getName() + ": must be a text");
    }
    return text;
  }

  /** A layer's tensors, in Keras's order. */
  private List<KerasModel.Weights> weights(String layer) {
    if (!(layers.getChild(layer) instanceof Group group)) {
      return List.of();
    }
    Attribute names = group.getAttribute("weight_names");
    if (names == null || names.isEmpty() || names.getSize() == 0) {
      return List.of();
    }
    if (names.getSize() > MOST_NAMES || !(names.getData() instanceof String[] texts)) {
      throw new OnnxException(
          "weight_names of layer " + OnnxException.shown(layer) + ": no list of names");
    }
    List<KerasModel.Weights> found = new ArrayList<>();
    for (String name : texts) {
      Dataset data = dataset(group, name);
      left -= data.getSize();
      // What is not there, packed, or there twice may be any size.
      if (left < 0
          || data.getStorageInBytes() < data.getSize() * Float.BYTES
          || !(data.getDataFlat() instanceof float[] values)) {
        throw new OnnxException(OnnxException.shown(name) + ": must be plain 32-bit numbers");
      }
      found.add(new KerasModel.Weights(name, data.getDimensions(), values));
    }
    return found;
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
