package dev.pare.model;

import dev.pare.graph.Architecture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * DL4J's graphs of layers and vertices without parameters, of one input and one output, from
 * outside: only vertices of the list here are made, by name. Vertices are called as messages have
 * them: {@code vertex NAME}, or {@code layer 3} of a chain.
 */
final class Dl4jGraphs {
  private static final String PREFIX = "vertex ";
  private static final String ORDER = "topologicalOrderStr";
  private static final String NUMBERS = "topologicalOrder";

  private static final Set<String> FIELDS =
      Set.of(
          "backpropType",
          "cacheMode",
          "dataType",
          "defaultConfiguration",
          "epochCount",
          "inferenceWorkspaceMode",
          "iterationCount",
          "networkInputs",
          "networkOutputs",
          "tbpttBackLength",
          "tbpttFwdLength",
          NUMBERS,
          ORDER,
          "trainingWorkspaceMode",
          "validateOutputLayerConfig",
          "vertexInputs",
          "vertices");

  private Dl4jGraphs() {}

  private static GraphBuilder builder() {
    return new NeuralNetConfiguration.Builder()
        .seed(0)
        .dataType(DataType.FLOAT)
        .inferenceWorkspaceMode(WorkspaceMode.NONE)
        .updater(new NoOp())
        .graphBuilder()
        .validateOutputLayerConfig(false);
  }

  /** The same layers, each of which reads what the one before it makes. */
  static ComputationGraphConfiguration chain(MultiLayerConfiguration layers) {
    GraphBuilder builder = builder().addInputs("input");
    String before = "input";
    for (int i = 0; i < layers.getConfs().size(); i++) {
      String name = "layer " + i;
      builder.addLayer(
          name, layers.getConf(i).getLayer().clone(), layers.getInputPreProcess(i), before);
      before = name;
    }
    return builder.setOutputs(before).build();
  }

  /**
   * A graph.
   *
   * @param json of a ComputationGraph's configuration
   * @throws IllegalArgumentException naming what is not known
   */
  static ComputationGraphConfiguration of(JsonNode json) {
    Dl4jJson.checkFields("the network", json, FIELDS);
    String input = only(json, "networkInputs");
    String output = only(json, "networkOutputs");
    JsonNode vertices = json.path("vertices");
    if (!vertices.isObject() || vertices.size() > Architecture.MOST_LAYERS) {
      throw new IllegalArgumentException("vertices: must be 1 to " + Architecture.MOST_LAYERS);
    }
    List<String> order = names(json, ORDER);
    checkOrder(order, input, json);
    checkNumbers(order, input, json);
    if (!vertices.has(output)) {
      throw new IllegalArgumentException(
          "networkOutputs: there is no vertex " + Dl4jJson.shown(output));
    }
    GraphBuilder builder = builder().allowDisconnected(true).addInputs(PREFIX + input);
    Iterator<Map.Entry<String, JsonNode>> all = vertices.fields();
    while (all.hasNext()) {
      Map.Entry<String, JsonNode> next = all.next();
      String name = PREFIX + next.getKey();
      String[] inputs =
          names(json.path("vertexInputs"), next.getKey()).stream()
              .map(PREFIX::concat)
              .toArray(String[]::new);
      String place = Dl4jJson.shown(name);
      GraphVertex vertex = vertex(place, unfrozen(place, next.getValue()));
      boolean several = vertex instanceof MergeVertex || vertex instanceof ElementWiseVertex;
      if (!several && inputs.length != 1) {
        throw new IllegalArgumentException(
            "%s (%s): reads %d values: must be one"
                .formatted(place, vertex.getClass().getSimpleName(), inputs.length));
      }
      if (vertex instanceof LayerVertex layer) {
        builder.addLayer(name, layer.getLayerConf().getLayer(), layer.getPreProcessor(), inputs);
      } else {
        builder.addVertex(name, vertex, inputs);
      }
    }
    ComputationGraphConfiguration graph = builder.setOutputs(PREFIX + output).build();
    // Parameters lie in this order.
    graph.setTopologicalOrderStr(order.stream().map(PREFIX::concat).toList());
    graph.setTopologicalOrder(IntStream.range(0, order.size()).toArray());
    return graph;
  }

  private static String only(JsonNode json, String field) {
    List<String> names = names(json, field);
    if (names.size() > 1) {
      throw new IllegalArgumentException(
          "%s: %d of them (%s): Pare reads networks of one input and one output"
              .formatted(field, names.size(), Dl4jJson.shown(String.join(", ", names))));
    }
    return names.get(0);
  }

  private static List<String> names(JsonNode json, String field) {
    JsonNode array = json.path(field);
    if (!array.isArray() || array.isEmpty()) {
      throw new IllegalArgumentException(Dl4jJson.shown(field) + ": must be a list of names");
    }
    List<String> names = new ArrayList<>();
    for (JsonNode name : array) {
      if (!name.isTextual()) {
        throw new IllegalArgumentException(Dl4jJson.shown(field) + ": must be a list of names");
      }
      names.add(name.asText());
    }
    return names;
  }

  /**
   * The same order, by numbers of the input and of the vertices as they are listed; DL4J makes
   * another one where either is missing.
   */
  private static void checkNumbers(List<String> order, String input, JsonNode json) {
    List<String> listed = new ArrayList<>(List.of(input));
    json.path("vertices").fieldNames().forEachRemaining(listed::add);
    List<Integer> expected = order.stream().map(listed::indexOf).toList();
    List<Integer> numbers = new ArrayList<>();
    json.path(NUMBERS).forEach(number -> numbers.add(number.asInt(-1)));
    if (!numbers.equals(expected)) {
      throw new IllegalArgumentException(NUMBERS + ": is not the order of " + ORDER);
    }
  }

  /** Each vertex must come after those that it reads. */
  private static void checkOrder(List<String> order, String input, JsonNode json) {
    JsonNode vertices = json.path("vertices");
    Set<String> before = new HashSet<>();
    for (String name : order) {
      boolean right =
          before.isEmpty()
              ? name.equals(input) && !vertices.has(name)
              : vertices.has(name) && before.containsAll(names(json.path("vertexInputs"), name));
      if (!right || !before.add(name)) {
        throw new IllegalArgumentException(
            ORDER + ": " + Dl4jJson.shown(name) + " must come once, after all that it reads");
      }
    }
    if (before.size() != vertices.size() + 1) {
      throw new IllegalArgumentException(ORDER + ": must have the input and all vertices");
    }
  }

  /** What a vertex does that is not to be trained. */
  private static JsonNode unfrozen(String place, JsonNode json) {
    if (!type(json).equals(FrozenVertex.class.getName())) {
      return json;
    }
    checkFields(place, json, "underlying");
    return json.path("underlying");
  }

  private static String type(JsonNode json) {
    return json.path(Dl4jJson.TYPE).asText("");
  }

  private static void checkFields(String place, JsonNode json, String... known) {
    Set<String> fields = new HashSet<>(Set.of(known));
    fields.add(Dl4jJson.TYPE);
    Dl4jJson.checkFields(place, json, fields);
  }

  private static GraphVertex vertex(String place, JsonNode json) {
    String type = type(json);
    if (type.equals(LayerVertex.class.getName())) {
      return layer(place, json);
    }
    if (type.equals(MergeVertex.class.getName())) {
      checkFields(place, json, "mergeAxis", "modified");
      MergeVertex merge = new MergeVertex();
      merge.setMergeAxis(whole(place, json, "mergeAxis", 1));
      return merge;
    }
    if (type.equals(ElementWiseVertex.class.getName())) {
      checkFields(place, json, "op");
      return new ElementWiseVertex(op(place, json.path("op").asText("")));
    }
    if (type.equals(SubsetVertex.class.getName())) {
      checkFields(place, json, "from", "to");
      return new SubsetVertex(whole(place, json, "from", -1), whole(place, json, "to", -1));
    }
    if (type.equals(ScaleVertex.class.getName())) {
      checkFields(place, json, "scaleFactor");
      return new ScaleVertex(number(place, json, "scaleFactor"));
    }
    if (type.equals(ShiftVertex.class.getName())) {
      checkFields(place, json, "shiftFactor");
      return new ShiftVertex(number(place, json, "shiftFactor"));
    }
    if (type.equals(PreprocessorVertex.class.getName())) {
      checkFields(place, json, "preProcessor");
      return new PreprocessorVertex(Dl4jJson.preProcessor(place, json.path("preProcessor")));
    }
    if (type.equals(LastTimeStepVertex.class.getName())) {
      checkFields(place, json, "maskArrayInputName");
      return new LastTimeStepVertex(PREFIX + json.path("maskArrayInputName").asText(""));
    }
    throw new IllegalArgumentException(
        place
            + (type.isEmpty()
                ? ": names no class"
                : ": " + Dl4jJson.shown(type) + " is not supported"));
  }

  private static LayerVertex layer(String place, JsonNode json) {
    checkFields(place, json, "layerConf", "outputVertex", "preProcessor");
    Layer layer = LayerJson.ofNetwork(place, json.path("layerConf"));
    JsonNode preProcessor = json.path("preProcessor");
    NeuralNetConfiguration holder = new NeuralNetConfiguration();
    holder.setLayer(layer);
    return new LayerVertex(
        holder,
        preProcessor.isNull() || preProcessor.isMissingNode()
            ? null
            : Dl4jJson.preProcessor(place, preProcessor));
  }

  private static ElementWiseVertex.Op op(String place, String name) {
    for (ElementWiseVertex.Op op : ElementWiseVertex.Op.values()) {
      if (op.name().equals(name)) {
        return op;
      }
    }
    throw new IllegalArgumentException(
        place + ": op = " + Dl4jJson.shown(name) + " is not supported");
  }

  private static int whole(String place, JsonNode json, String field, int otherwise) {
    JsonNode value = json.path(field);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isInt()) {
      throw new IllegalArgumentException(place + ": " + field + " must be a whole number");
    }
    return value.asInt();
  }

  private static double number(String place, JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isNumber() || !Float.isFinite((float) value.asDouble())) {
      throw new IllegalArgumentException(place + ": " + field + " must be a finite number");
    }
    return value.asDouble();
  }
}
