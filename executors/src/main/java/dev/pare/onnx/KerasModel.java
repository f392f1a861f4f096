package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto.DataType;

/**
 * A model of Keras 2, sequential or functional, of one input and one output, as one of ONNX: layer
 * by layer. Where ONNX has channels first, images are transposed before and after.
 */
final class KerasModel {
  private static final int MOST_LAYERS = 4096;

  private final KerasVersion version;
  private final Function<String, List<Weights>> weights;
  private final ModelBuilder onnx = new ModelBuilder();
  private final Map<String, Value> values = new HashMap<>();

  /**
   * A tensor of a layer.
   *
   * @param dims as Keras has them
   */
  record Weights(String name, int[] dims, float[] values) {}

  /**
   * What a layer makes.
   *
   * @param dims of one example
   */
  record Value(String name, int[] dims) {
    int channels() {
      return dims[dims.length - 1];
    }
  }

  /**
   * @param version that has saved it
   * @param weights of a layer, by its name
   */
  KerasModel(KerasVersion version, Function<String, List<Weights>> weights) {
    this.version = version;
    this.weights = weights;
  }

  ModelProto model(JsonNode model) {
    JsonNode config = model.path("config");
    String type = model.path("class_name").asText();
    JsonNode layers = config.isArray() ? config : config.path("layers");
    if (!layers.isArray() || layers.isEmpty() || layers.size() > MOST_LAYERS) {
      throw new OnnxException("model_config: must have 1 to " + MOST_LAYERS + " layers");
    }
    Value output =
        switch (type) {
          case "Sequential" -> sequential(layers);
          case "Functional", "Model" -> functional(config, layers);
          default ->
              throw new OnnxException(
                  "a model of class "
                      + OnnxException.shown(type)
                      + ": must be Sequential or Functional");
        };
    return onnx.build(output);
  }

  private Value sequential(JsonNode layers) {
    Value last = null;
    for (JsonNode layer : layers) {
      if (last == null) {
        last = input(layer);
        if (isInput(layer)) {
          continue;
        }
      }
      last = translated(layer, List.of(last), MissingNode.getInstance());
    }
    return requireNonNull(last, "a model without layers");
  }

  private Value functional(JsonNode config, JsonNode layers) {
    String input = only(config, "input_layers");
    String output = only(config, "output_layers");
    List<JsonNode> open = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode layer : layers) {
      String name = layer.path("name").asText();
      if (!names.add(name)) {
        throw new OnnxException("two layers are called " + OnnxException.shown(name));
      }
      if (name.equals(input)) {
        if (!isInput(layer)) {
          throw new OnnxException(
              "input_layers: layer " + OnnxException.shown(name) + " is no InputLayer");
        }
        values.put(name, input(layer));
      } else {
        open.add(layer);
      }
    }
    // Keras lists layers by their depth; each comes after those that it reads.
    for (JsonNode layer : open) {
      ObjectNode keywords = JsonNodeFactory.instance.objectNode();
      List<Value> read = new ArrayList<>();
      for (JsonNode source : sources(layer)) {
        read.add(made(layer, source));
        source.path(3).fields().forEachRemaining(e -> keywords.set(e.getKey(), e.getValue()));
      }
      values.put(layer.path("name").asText(), translated(layer, read, keywords));
    }
    Value last = values.get(output);
    if (last == null) {
      throw new OnnxException("output_layers: there is no layer " + OnnxException.shown(output));
    }
    return last;
  }

  private static String only(JsonNode config, String field) {
    JsonNode all = config.path(field);
    JsonNode first = all.path(0);
    if (all.size() != 1
        || !first.path(0).isTextual()
        || first.path(1).asInt(-1) != 0
        || first.path(2).asInt(-1) != 0) {
      throw new OnnxException(
          "%s: %d: Pare reads networks of one input and one output".formatted(field, all.size()));
    }
    return first.get(0).asText();
  }

  private static JsonNode sources(JsonNode layer) {
    JsonNode nodes = layer.path("inbound_nodes");
    String name = OnnxException.shown(layer.path("name").asText());
    if (nodes.size() != 1) {
      throw new OnnxException(
          "layer %s is used %d times, must be once".formatted(name, nodes.size()));
    }
    if (nodes.get(0).isEmpty()) {
      throw new OnnxException("layer " + name + " reads nothing");
    }
    return nodes.get(0);
  }

  /** What another layer makes, as one that reads it has it: by its name, node 0 and output 0. */
  private Value made(JsonNode layer, JsonNode source) {
    String name = OnnxException.shown(layer.path("name").asText());
    if (!source.path(0).isTextual()
        || source.path(1).asInt(-1) != 0
        || source.path(2).asInt(-1) != 0) {
      throw new OnnxException("inbound_nodes of layer " + name + ": are not known");
    }
    Value value = values.get(source.get(0).asText());
    if (value == null) {
      throw new OnnxException(
          "layer %s reads %s, which does not come before it"
              .formatted(name, OnnxException.shown(source.get(0).asText())));
    }
    return value;
  }

  private static boolean isInput(JsonNode layer) {
    return layer.path("class_name").asText().equals("InputLayer");
  }

  private Value input(JsonNode layer) {
    JsonNode shape = layer.path("config").path("batch_input_shape");
    if (shape.size() < 2 || shape.size() > 4) {
      throw new OnnxException("batch_input_shape of the input: must have 2 to 4 sides");
    }
    int[] dims = new int[shape.size() - 1];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = KerasSettings.within("batch_input_shape", shape.get(i + 1), 1, 1 << 20);
    }
    return onnx.input(isInput(layer) ? type(layer) : DataType.FLOAT, dims);
  }

  /** What Keras makes of all that it is fed. */
  private static DataType type(JsonNode layer) {
    KerasSettings settings = new KerasSettings(layer.path("config"), MissingNode.getInstance());
    try {
      settings.is("sparse", "false");
      settings.is("ragged", "false");
      String type = settings.setting("dtype").asText("float32");
      settings.checkAll();
      return switch (type) {
        case "float32" -> DataType.FLOAT;
        // Of what is not looked up, the model in ONNX is refused.
        case "int32" -> DataType.INT32;
        case "int64" -> DataType.INT64;
        default ->
            throw new OnnxException(
                "dtype = %s: must be float32, or int32 or int64 of tokens; Keras rounds to it what it is fed"
                    .formatted(OnnxException.shown(type)));
      };
    } catch (OnnxException e) {
      throw failure(layer, e);
    }
  }

  private static OnnxException failure(JsonNode layer, OnnxException e) {
    return new OnnxException(
        "layer %s (%s): %s"
            .formatted(
                OnnxException.shown(layer.path("config").path("name").asText()),
                OnnxException.shown(layer.path("class_name").asText()),
                e.getMessage()),
        e);
  }

  private Value translated(JsonNode layer, List<Value> inputs, JsonNode keywords) {
    String type = layer.path("class_name").asText();
    JsonNode config = layer.path("config");
    String name = config.path("name").asText();
    try {
      KerasSettings settings = new KerasSettings(config, keywords);
      return KerasLayers.translated(
          type,
          new KerasCall(
              onnx, version, settings, weights.apply(name), inputs, source -> made(layer, source)));
    } catch (OnnxException e) {
      throw failure(layer, e);
    }
  }
}
