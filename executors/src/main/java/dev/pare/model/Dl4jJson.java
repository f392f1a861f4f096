package dev.pare.model;

import dev.pare.graph.Architecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * DL4J's JSON of layers and networks, from outside. DL4J makes objects of whatever classes JSON
 * names; so it gets to see only layers and activations of the lists here, and of these only the
 * fields that decide what is computed. What concerns training alone is left out; any other field is
 * refused by name.
 */
final class Dl4jJson {
  private static final int DEEPEST = 32;
  private static final int LONGEST_TEXT = 256;
  private static final int MOST_SIDE = 4096;
  private static final int MOST_UNITS = 1 << 28;

  static final String TYPE = "@class";
  private static final String FUNCTIONS = "org.nd4j.linalg.activations.impl.Activation";
  private static final String FUNCTION = "activationFn";
  private static final String GATE_FUNCTION = "gateActivationFn";
  private static final String UNDERLYING = "underlying";

  private static final String FROZEN = "org.deeplearning4j.nn.conf.layers.misc.FrozenLayer";
  private static final String FROZEN_WITH_BACKPROP = FROZEN + "WithBackprop";
  private static final String CHANNELS_LAST_FLATTENING =
      "org.deeplearning4j.nn.modelimport.keras.preprocessors.TensorFlowCnnToFeedForwardPreProcessor";

  /** Activations that depend on nothing but their input; RReLU draws slopes as it learns. */
  private static final Set<String> KNOWN_FUNCTIONS =
      Set.of(
          "Cube",
          "ELU",
          "GELU",
          "HardSigmoid",
          "HardTanH",
          "Identity",
          "LReLU",
          "Mish",
          "RationalTanh",
          "ReLU",
          "ReLU6",
          "RectifiedTanh",
          "SELU",
          "Sigmoid",
          "SoftPlus",
          "SoftSign",
          "Softmax",
          "Swish",
          "TanH",
          "ThresholdedReLU");

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

  private static final String WEIGHT_NOISE = "weightNoise";

  /** One of a user's own may do anything, outside of training, too. */
  private static final Set<String> KNOWN_NOISE =
      Set.of(
          "org.deeplearning4j.nn.conf.weightnoise.DropConnect",
          "org.deeplearning4j.nn.conf.weightnoise.WeightNoise");

  /** What a layer's output does not depend on, once it is trained. */
  private static final Set<String> TRAINING_FIELDS =
      Set.of(
          "biasInit",
          "biasUpdater",
          "constraints",
          "corruptionLevel",
          "cudnnAlgoMode",
          "cudnnAllowFallback",
          "cudnnBwdDataAlgo",
          "cudnnBwdFilterAlgo",
          "cudnnFwdAlgo",
          "decay",
          "forgetGateBiasInit",
          "gainInit",
          "gradientNormalization",
          "gradientNormalizationThreshold",
          "helperAllowFallback",
          "idropout",
          "iupdater",
          "layerName",
          "lossFn",
          "lossFunction",
          "minibatch",
          "regularization",
          "regularizationBias",
          "sparsity",
          "visibleBiasInit",
          "weightInitFn",
          "weightInitFnRecurrent",
          // Of dense layers on sequences, which are refused.
          "timeDistributedFormat");

  private static final String[] CONVOLUTION = {
    FUNCTION,
    "nin",
    "nout",
    "hasBias",
    "kernelSize",
    "stride",
    "padding",
    "dilation",
    "convolutionMode",
    "cnn2dDataFormat"
  };

  /** The known layers, by name, and what decides their outputs. */
  private static final Map<String, Known> LAYERS = new TreeMap<>();

  /** What DL4J ignores of its configuration, though it is there. */
  private static final Map<Class<?>, Set<String>> UNUSED =
      Map.of(
          BatchNormalization.class, Set.of(FUNCTION),
          DropoutLayer.class, Set.of(FUNCTION, "nin", "nout"),
          LossLayer.class, Set.of("nin", "nout"));

  static {
    known(DenseLayer.class, FUNCTION, "nin", "nout", "hasBias", "hasLayerNorm");
    known(OutputLayer.class, FUNCTION, "nin", "nout", "hasBias");
    known(LossLayer.class, FUNCTION);
    known(ActivationLayer.class, FUNCTION);
    known(DropoutLayer.class);
    known(ConvolutionLayer.class, CONVOLUTION);
    known(Deconvolution2D.class, CONVOLUTION);
    known(DepthwiseConvolution2D.class, with("depthMultiplier", CONVOLUTION));
    known(SeparableConvolution2D.class, with("depthMultiplier", CONVOLUTION));
    known(
        SubsamplingLayer.class,
        "poolingType",
        "kernelSize",
        "stride",
        "padding",
        "dilation",
        "convolutionMode",
        "cnn2dDataFormat",
        "pnorm",
        "eps",
        "avgPoolIncludePadInDivisor");
    known(
        BatchNormalization.class,
        "nin",
        "nout",
        "eps",
        "gamma",
        "beta",
        "lockGammaBeta",
        "useLogStd",
        "cnn2DFormat");
    known(LSTM.class, FUNCTION, GATE_FUNCTION, "nin", "nout", "rnnDataFormat");
    known(LastTimeStep.class, UNDERLYING);
    known(AutoEncoder.class, FUNCTION, "nin", "nout");
    known(ElementWiseMultiplicationLayer.class, FUNCTION, "nin", "nout");
    known(ZeroPaddingLayer.class, "padding", "dataFormat");
    known(Cropping2D.class, "cropping", "dataFormat");
    known(Upsampling2D.class, "size", "format");
    known(SpaceToDepthLayer.class, "blockSize", "dataFormat");
    known(LocalResponseNormalization.class, "n", "k", "alpha", "beta", "dataFormat");
    known(
        GlobalPoolingLayer.class,
        "poolingType",
        "pnorm",
        "poolingDimensions",
        "collapseDimensions");
  }

  private static final ObjectMapper PLAIN =
      new ObjectMapper(
          new JsonFactory().configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true));

  private Dl4jJson() {}

  private record Known(Class<? extends Layer> type, Set<String> fields) {}

  private static void known(Class<? extends Layer> type, String... fields) {
    LAYERS.put(type.getName(), new Known(type, Set.of(fields)));
  }

  private static String[] with(String further, String... fields) {
    List<String> all = new ArrayList<>(List.of(fields));
    all.add(further);
    return all.toArray(String[]::new);
  }

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
      checkFields("layer " + i, configurations.get(i), CONFIGURATION_FIELDS);
      builder.layer(i, layer("layer " + i, configurations.get(i).path("layer")));
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

  /**
   * A layer.
   *
   * @throws IllegalArgumentException naming what is not known
   */
  static Layer layer(String json) {
    return layer("its configuration", parsed(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** A layer's JSON in its shortest form: what it computes, without defaults. */
  static String of(Layer layer) {
    try {
      return PLAIN.writeValueAsString(withoutDefaults(layer));
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Whether a layer has channels before height and width, as far as it has a choice. */
  static boolean isChannelsFirst(Layer layer) {
    ObjectNode all = effective(layer);
    return Stream.of("cnn2dDataFormat", "dataFormat", "format")
        .allMatch(name -> !all.has(name) || all.get(name).asText().equals("NCHW"));
  }

  private static JsonNode parsed(byte[] json) {
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
      throw new IllegalArgumentException("not JSON: " + shown(e.getMessage()), e);
    }
  }

  static Layer layer(String place, JsonNode json) {
    ObjectNode reduced = reduced(place, json);
    try {
      Layer layer = NeuralNetConfiguration.mapper().treeToValue(reduced, Layer.class);
      // Once more, with the defaults of fields that were not there.
      checkRanges(place, effective(layer));
      if (layer instanceof OutputLayer output) {
        output.setLossFn(new LossMCXENT());
      }
      return layer;
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(place + ": " + shown(e.getMessage()), e);
    }
  }

  /** The layer with nothing but what decides its outputs; of a frozen one, the layer inside. */
  private static ObjectNode reduced(String place, JsonNode json) {
    String type = json.path(TYPE).asText("");
    if (type.equals(FROZEN)) {
      return inside(place, json, "layer");
    }
    if (type.equals(FROZEN_WITH_BACKPROP)) {
      return inside(place, json, UNDERLYING);
    }
    Known known = LAYERS.get(type);
    if (known == null) {
      throw new IllegalArgumentException(
          place + (type.isEmpty() ? ": names no class" : ": " + shown(type) + " is not supported"));
    }
    place = named(place, known.type());
    ObjectNode reduced = PLAIN.createObjectNode().put(TYPE, type);
    Set<String> unused = UNUSED.getOrDefault(known.type(), Set.of());
    Iterator<Map.Entry<String, JsonNode>> fields = json.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.equals(WEIGHT_NOISE)) {
        checkNoise(place, value);
      } else if (!known.fields().contains(name)) {
        if (!name.equals(TYPE) && !TRAINING_FIELDS.contains(name) && !unused.contains(name)) {
          throw new IllegalArgumentException(
              place + ": Pare does not know what " + shown(name) + " does");
        }
      } else if (value.isObject()) {
        reduced.set(
            name, name.equals(UNDERLYING) ? reduced(place, value) : function(place, name, value));
      } else if (isPlain(value)) {
        reduced.set(name, value);
      } else if (!value.isNull()) {
        throw new IllegalArgumentException(place + ": " + name + " is neither number nor name");
      }
    }
    return reduced;
  }

  /** The layer in a wrapper that concerns training alone. */
  private static ObjectNode inside(String place, JsonNode wrapper, String field) {
    Set<String> known = new HashSet<>(TRAINING_FIELDS);
    known.addAll(List.of(TYPE, field));
    checkFields(place, wrapper, known);
    return reduced(place, wrapper.path(field));
  }

  /** DL4J leaves weights alone outside of training, but adds noise to biases there, too. */
  private static void checkNoise(String place, JsonNode noise) {
    if (noise.isNull()) {
      return;
    }
    String type = noise.path(TYPE).asText("");
    if (!KNOWN_NOISE.contains(type)) {
      throw new IllegalArgumentException(
          place + ": " + WEIGHT_NOISE + " = " + shown(type) + " is not supported");
    }
    for (String ofBiases : List.of("applyToBias", "applyToBiases")) {
      if (noise.path(ofBiases).asBoolean()) {
        throw new IllegalArgumentException(
            place + ": " + WEIGHT_NOISE + " with " + ofBiases + " is not supported");
      }
    }
  }

  private static boolean isPlain(JsonNode value) {
    if (!value.isArray()) {
      return value.isNumber() || value.isBoolean() || value.isTextual();
    }
    for (JsonNode element : value) {
      if (!element.isInt()) {
        return false;
      }
    }
    return value.size() <= 8;
  }

  private static ObjectNode function(String place, String name, JsonNode json) {
    String type = json.path(TYPE).asText("");
    if (!type.startsWith(FUNCTIONS)
        || !KNOWN_FUNCTIONS.contains(type.substring(FUNCTIONS.length()))) {
      throw new IllegalArgumentException(
          place + ": " + name + " = " + shown(type) + " is not supported");
    }
    ObjectNode reduced = PLAIN.createObjectNode().put(TYPE, type);
    Iterator<Map.Entry<String, JsonNode>> fields = json.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode value = field.getValue();
      if (value.isBoolean() || value.isNumber() && Double.isFinite(value.asDouble())) {
        reduced.set(field.getKey(), value);
      } else if (!field.getKey().equals(TYPE) && !value.isNull()) {
        throw new IllegalArgumentException(
            place + ": " + name + "." + shown(field.getKey()) + " must be a number");
      }
    }
    return reduced;
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

  /** All that decides the layer's outputs, defaults included. */
  private static ObjectNode effective(Layer layer) {
    ObjectNode all = NeuralNetConfiguration.mapper().valueToTree(layer);
    all.retain(with(TYPE, LAYERS.get(layer.getClass().getName()).fields().toArray(String[]::new)));
    if (layer instanceof LastTimeStep last) {
      all.set(UNDERLYING, effective(last.getUnderlying()));
    }
    return all;
  }

  private static ObjectNode withoutDefaults(Layer layer) throws IOException {
    ObjectNode all = effective(layer);
    if (!(layer instanceof LastTimeStep)) {
      ObjectNode type = PLAIN.createObjectNode().put(TYPE, layer.getClass().getName());
      ObjectNode defaults =
          effective(NeuralNetConfiguration.mapper().treeToValue(type, Layer.class));
      defaults.remove(TYPE);
      defaults
          .fields()
          .forEachRemaining(
              field -> {
                if (field.getValue().equals(all.get(field.getKey()))) {
                  all.remove(field.getKey());
                }
              });
    }
    JsonNode function = all.get(FUNCTION);
    if (function instanceof ObjectNode fields) {
      List<String> empty = new ArrayList<>();
      fields
          .fields()
          .forEachRemaining(
              field -> {
                if (field.getValue().isNull()) {
                  empty.add(field.getKey());
                }
              });
      fields.remove(empty);
    }
    return all;
  }

  private static void checkRanges(String place, ObjectNode layer) {
    String type = layer.get(TYPE).asText();
    place = named(place, LAYERS.get(type).type());
    Iterator<Map.Entry<String, JsonNode>> fields = layer.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = field.getKey();
      JsonNode value = field.getValue();
      boolean right =
          switch (name) {
            case FUNCTION, GATE_FUNCTION -> value.isObject();
            case "kernelSize", "stride", "dilation" -> isSides(value, 2, 1, MOST_SIDE);
            case "padding" ->
                isSides(value, type.equals(ZeroPaddingLayer.class.getName()) ? 4 : 2, 0, MOST_SIDE);
            case "cropping" -> isSides(value, 4, 0, MOST_SIDE);
            case "size" -> isSides(value, 2, 1, MOST_SIDE);
            case "poolingDimensions" -> value.isNull() || isSides(value, 2, 1, 3);
            case "nin", "nout" -> isWithin(value, 1, MOST_UNITS);
            case "depthMultiplier", "blockSize" -> isWithin(value, 1, MOST_SIDE);
            case "pnorm" -> isWithin(value, 0, MOST_SIDE);
            case "n" -> isWithin(value, 1, MOST_SIDE);
            case "eps" -> isWithin(value, 0, 1);
            case "k", "alpha", "beta", "gamma" ->
                isWithin(value, -Float.MAX_VALUE, Float.MAX_VALUE);
            default -> true;
          };
      if (!right) {
        throw new IllegalArgumentException(
            place + ": " + name + " = " + shown(value.toString()) + " is out of range");
      }
    }
    if (layer.get(UNDERLYING) instanceof ObjectNode inner) {
      checkRanges(place, inner);
    }
  }

  private static boolean isSides(JsonNode value, int count, int least, int most) {
    if (!value.isArray() || value.size() != count) {
      return false;
    }
    for (JsonNode side : value) {
      if (!isWithin(side, least, most)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWithin(JsonNode value, double least, double most) {
    return value.isNumber() && value.asDouble() >= least && value.asDouble() <= most;
  }

  private static String named(String place, Class<?> type) {
    return place.endsWith(")") ? place : place + " (" + type.getSimpleName() + ")";
  }

  /** A text from outside as messages may have it: short, on one line. */
  static String shown(String text) {
    String line = String.valueOf(text).lines().findFirst().orElse("");
    String plain = line.replaceAll("\\p{C}", "?");
    return plain.length() > 200 ? plain.substring(0, 200) + "…" : plain;
  }
}
