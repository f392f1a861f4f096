package dev.pare.onnx;

import dev.pare.graph.InputShape;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/** What ONNX Runtime makes of a model, on the calling thread. */
final class RuntimeOutputs {
  /** From this version on, constants need not be among the inputs. */
  private static final long LEAST_IR_VERSION = 4;

  /** Of the largest output, between an example alone and among others. */
  private static final double MOST_DIFFERENCE = 1e-4;

  private RuntimeOutputs() {}

  /**
   * The logits of examples.
   *
   * @param model whose graph has been imported: of nodes that were not, nothing is run
   * @param examples {@code [batch × features]}, raw: divided by the input's divisor here
   * @return {@code [batch × classes]}
   * @throws OnnxException if ONNX Runtime cannot run it, or an example's outputs change with the
   *     other examples of its batch
   */
  static float[] logits(
      ModelProto model, Import.Imported imported, InputShape input, float[] examples) {
    float[] logits = outputs(reduced(model, imported.logits()), imported, input, examples);
    String last = model.getGraph().getOutput(0).getName();
    if (!last.equals(imported.logits()) && imported.layout().batch() == 0) {
      // The softmax of what is apart may be over all of a batch.
      outputs(reduced(model, last), imported, input, examples);
    }
    return logits;
  }

  /** The same of a model that ends with its logits, or with their softmax. */
  private static float[] outputs(
      ModelProto model, Import.Imported imported, InputShape input, float[] examples) {
    int count = examples.length / input.size();
    // One by one unless the model has another number: shapes may depend on it, and were read of
    // one.
    InputLayout layout = imported.layout();
    int atOnce = Math.max(1, layout.batch());
    int classes = imported.network().architecture().outputs();
    float[] outputs = new float[count * classes];
    // Fused nodes refuse padding that these take.
    try (RuntimeSession session =
        new RuntimeSession(model.toByteArray(), RuntimeSession.Nodes.AS_THEY_ARE)) {
      for (int from = 0; from < count; from += atOnce) {
        int batch = Math.min(atOnce, count - from);
        Map<String, RuntimeSession.Input> some = inputs(examples, from, batch, input, layout);
        float[] own = session.run(some).values().iterator().next();
        if (own.length != batch * classes) {
          throw new OnnxException(
              "ONNX Runtime makes %d numbers of %d examples of %d classes"
                  .formatted(own.length, batch, classes));
        }
        System.arraycopy(own, 0, outputs, from * classes, own.length);
      }
      if (layout.batch() == 0
          && count > 1
          && BatchSides.areThoseOfSingleOnes(model, sides(layout), count)) {
        checkApart(session, inputs(examples, 0, count, input, layout), outputs);
      }
    }
    return outputs;
  }

  /** Along an axis of length 1, as that of one example, a mean and the like change nothing. */
  private static void checkApart(
      RuntimeSession session, Map<String, RuntimeSession.Input> all, float[] oneByOne) {
    float[] together;
    // Exporters compute sides of the one example that they run: what cannot run on several, or
    // gives fewer outputs then, is meant for one by one.
    try {
      together = session.run(all).values().iterator().next();
    } catch (OnnxException e) {
      return;
    }
    if (together.length != oneByOne.length) {
      return;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < oneByOne.length; i++) {
      largest = Math.max(largest, Math.abs(oneByOne[i]));
      difference = Math.max(difference, Math.abs((double) together[i] - oneByOne[i]));
    }
    if (difference > MOST_DIFFERENCE * largest) {
      throw new OnnxException(
          "its outputs for an example change with the other examples of its batch: an operator"
              + " works along the first axis, the batch's; if examples are to be run one by one,"
              + " export it with a first axis of 1");
    }
  }

  private static Map<String, int[]> sides(InputLayout layout) {
    Map<String, int[]> sides = new HashMap<>();
    layout.parts().forEach(part -> sides.put(part.name(), part.selection().dims()));
    return sides;
  }

  /** What each input gets of some examples. */
  private static Map<String, RuntimeSession.Input> inputs(
      float[] examples, int from, int batch, InputShape input, InputLayout layout) {
    Map<String, RuntimeSession.Input> all = new HashMap<>();
    for (InputLayout.Part part : layout.parts()) {
      int[] order = part.selection().from();
      int[] dims = part.selection().dims();
      int size = Dimensions.size(dims);
      float[] values = new float[batch * size];
      for (int n = 0; n < batch; n++) {
        for (int i = 0; i < size; i++) {
          int place = order == null ? i : order[i];
          values[n * size + i] = examples[(from + n) * input.size() + place] / input.divisor();
        }
      }
      long[] shape = Arrays.stream(dims).asLongStream().toArray();
      if (layout.batch() == 0) {
        shape[0] = batch;
      }
      all.put(part.name(), new RuntimeSession.Numbers(values, shape));
    }
    return all;
  }

  /** What leads to a value, and no more. */
  private static ModelProto reduced(ModelProto model, String output) {
    GraphProto graph = model.getGraph();
    Deque<NodeProto> nodes = new ArrayDeque<>();
    Set<String> needed = new HashSet<>(Set.of(output));
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph.getNode(i);
      if (node.getOutputList().stream().anyMatch(needed::contains)) {
        nodes.addFirst(node);
        needed.addAll(node.getInputList());
        needed.remove("");
      }
    }
    GraphProto.Builder reduced = GraphProto.newBuilder().setName("network").addAllNode(nodes);
    Set<String> constants = new HashSet<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      constants.add(tensor.getName());
      if (needed.contains(tensor.getName())) {
        reduced.addInitializer(tensor);
      }
    }
    for (ValueInfoProto input : graph.getInputList()) {
      if (!constants.contains(input.getName())) {
        reduced.addInput(input);
      }
    }
    TypeProto floats =
        TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE))
            .build();
    reduced.addOutput(ValueInfoProto.newBuilder().setName(output).setType(floats));
    return ModelProto.newBuilder()
        .setIrVersion(Math.max(LEAST_IR_VERSION, model.getIrVersion()))
        .addAllOpsetImport(
            model.getOpsetImportList().stream()
                .filter(imported -> GraphReader.isDefault(imported.getDomain()))
                .toList())
        .setGraph(reduced)
        .build();
  }
}
