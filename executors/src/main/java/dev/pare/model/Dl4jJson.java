package dev.pare.model;

import dev.pare.graph.Architecture;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** DL4J's JSON of networks, from outside. */
final class Dl4jJson {
  private static final int DEEPEST = 32;
  private static final int LONGEST_TEXT = 256;

  static final String TYPE = "@class";

  private static final String CHANNELS_LAST_FLATTENING =
      "org.deeplearning4j.nn.modelimport.keras.preprocessors.TensorFlowCnnToFeedForwardPreProcessor";

  private static final Set<String> NETWORK_FIELDS =
      Set.of(
          "backprop",
          "backpropType",
          "cacheMode",
          "confs",
          "dataType",
          "epochCount",
          "inferenceWorkspaceMode",
          "inputPreProcessors",
          "iterationCount",
          "pretrain",
          "tbpttBackLength",
          "tbpttFwdLength",
          "trainingWorkspaceMode",
          "validateOutputLayerConfig");

  /** Of a layer in a network. */
  static final Set<String> CONFIGURATION_FIELDS =
      Set.of(
          "cacheMode",
          "dataType",
          "epochCount",
          "iterationCount",
          "layer",
          "maxNumLineSearchIterations",
          "miniBatch",
          "minimize",
          "optimizationAlgo",
          "pretrain",
          "seed",
          "stepFunction",
          "variables");

  static final ObjectMapper PLAIN =
      new ObjectMapper(
          new JsonFactory().configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true));

  private Dl4jJson() {}

  /**
   * A graph of layers, or a chain of them, without anything of its training; frozen layers as what
   * they freeze.
   *
   * @throws IllegalArgumentException naming what is not known
   */
  static ComputationGraphConfiguration network(byte[] json) {
    JsonNode network = parsed(json);
    return network.has("vertices") ? Dl4jGraphs.of(network) : Dl4jGraphs.chain(chain(network));
  }

  private static MultiLayerConfiguration chain(JsonNode network) {
    checkFields("the network", network, NETWORK_FIELDS);
    JsonNode configurations = network.path("confs");
    if (!configurations.isArray()
        || configurations.size() == 0
        || configurations.size() > Architecture.MOST_LAYERS) {
      throw new IllegalArgumentException(
          "confs: must be 1 to " + Architecture.MOST_LAYERS + " layers");
    }
    NeuralNetConfiguration.ListBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(0)
            .dataType(DataType.FLOAT)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .updater(new NoOp())
            .list();
    for (int i = 0; i < configurations.size(); i++) {
      builder.layer(i, LayerJson.ofNetwork("layer " + i, configurations.get(i)));
    }
    Iterator<Map.Entry<String, JsonNode>> all = network.path("inputPreProcessors").fields();
    while (all.hasNext()) {
      Map.Entry<String, JsonNode> next = all.next();
      String index = next.getKey();
      if (!index.matches("\\d{1,4}") || Integer.parseInt(index) >= configurations.size()) {
        throw new IllegalArgumentException("inputPreProcessors: of no layer: " + shown(index));
      }
      builder.inputPreProcessor(
          Integer.parseInt(index), preProcessor("layer " + index, next.getValue()));
    }
    return builder.validateOutputLayerConfig(false).build();
  }

  static JsonNode parsed(byte[] json) {
    // Before a tree is made of it, which takes a call for each level.
    try (JsonParser parser = PLAIN.getFactory().createParser(json)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > DEEPEST) {
          throw new IllegalArgumentException("JSON of more than " + DEEPEST + " levels");
        }
        if (token.isScalarValue() && parser.getTextLength() > LONGEST_TEXT) {
          throw new IllegalArgumentException(
              "JSON with a value of more than " + LONGEST_TEXT + " characters");
        }
      }
      JsonNode tree = PLAIN.readTree(json);
      if (tree == null || !tree.isObject()) {
        throw new IllegalArgumentException("not a JSON object");
      }
      return tree;
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON: " + shown(String.valueOf(e.getMessage())), e);
    }
  }

  static InputPreProcessor preProcessor(String place, JsonNode json) {
    String type = json.path(TYPE).asText("");
    checkFields(
        place + "'s input preprocessor",
        json,
        Set.of(TYPE, "inputHeight", "inputWidth", "numChannels", "format"));
    int height = side(place, json, "inputHeight");
    int width = side(place, json, "inputWidth");
    int channels = side(place, json, "numChannels");
    if (type.equals(FeedForwardToCnnPreProcessor.class.getName()) && !json.has("format")) {
      return new FeedForwardToCnnPreProcessor(height, width, channels);
    }
    if (type.equals(CnnToFeedForwardPreProcessor.class.getName())) {
      String format = json.path("format").asText("NCHW");
      if (format.equals("NCHW") || format.equals("NHWC")) {
        return new CnnToFeedForwardPreProcessor(
            height, width, channels, CNN2DFormat.valueOf(format));
      }
    }
    if (type.equals(CHANNELS_LAST_FLATTENING)) {
      return new ChannelsLastFlattening(height, width, channels);
    }
    throw new IllegalArgumentException(
        place + ": input preprocessor " + shown(type) + " is not supported");
  }

  private static int side(String place, JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.canConvertToInt() || value.asInt() < 0) {
      throw new IllegalArgumentException(
          place + ": " + name + " = " + shown(value.toString()) + " of its input preprocessor");
    }
    return value.asInt();
  }

  static void checkFields(String place, JsonNode json, Set<String> known) {
    Iterator<String> names = json.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            place + ": Pare does not know what " + shown(name) + " does");
      }
    }
  }

  /** A text from outside as messages may have it: short, on one line. */
  static String shown(String text) {
    String line = String.valueOf(text).lines().findFirst().orElse("");
    String plain = line.replaceAll("\\p{C}", "?");
    return plain.length() > 200 ? plain.substring(0, 200) + "…" : plain;
  }
}
