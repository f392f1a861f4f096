package dev.pare.layers;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Shape;
import dev.pare.layers.LayerPass.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An architecture's layers on heap arrays: every product once, none that nobody reads, bias and
 * activation in one pass, gradients written where they belong. Allocates nothing after its first
 * step, unless DL4J runs a layer.
 */
public final class LayerGraph {
  /** Of each layer, in its order. */
  private final List<LayerPass> passes = new ArrayList<>();

  private final Architecture architecture;
  private final @Nullable FirstDensePass firstDense;
  private final @Nullable InputPass input;

  /** What layers read in place of the input where its gradient is wanted; null where it is not. */
  private final @Nullable EntryPass entry;

  private final LayerPass last;

  /** What gives a pass's output its gradient when asked. */
  private final Map<LayerPass, List<Share>> shares = new IdentityHashMap<>();

  /** Whose gradient is written by a reader's backward pass, before what {@link #shares} add. */
  private final Set<LayerPass> written = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * An input of a pass.
   *
   * @param input index among its layer's
   */
  private record Share(JoinPass pass, int input) {}

  /** Passes for batches of up to {@code largestBatch} examples. */
  public LayerGraph(Architecture architecture, int largestBatch) {
    this(architecture, largestBatch, Gradients.OF_PARAMETERS);
  }

  /** Passes whose backward pass computes the gradient of the inputs, too. */
  public static LayerGraph withInputGradient(Architecture architecture, int largestBatch) {
    return new LayerGraph(architecture, largestBatch, Gradients.OF_INPUTS_TOO);
  }

  /** What the backward pass computes. */
  private enum Gradients {
    OF_PARAMETERS,
    OF_INPUTS_TOO
  }

  private LayerGraph(Architecture architecture, int largestBatch, Gradients gradients) {
    this.architecture = architecture;
    float scale = 1 / architecture.input().divisor();
    List<Node> nodes = architecture.nodes();
    boolean reads =
        nodes.stream().skip(1).anyMatch(node -> node.inputs().contains(Node.NETWORK_INPUT));
    if (nodes.get(0).layer() instanceof Dense dense
        && !reads
        && gradients == Gradients.OF_PARAMETERS) {
      this.input = null;
      this.entry = null;
      this.firstDense = new FirstDensePass(dense, architecture.input().size(), scale, largestBatch);
      passes.add(firstDense);
    } else {
      this.firstDense = null;
      this.input = new InputPass(architecture.outputShape(Node.NETWORK_INPUT), scale, largestBatch);
      this.entry = gradients == Gradients.OF_INPUTS_TOO ? new EntryPass(input) : null;
    }
    int[] offsets = offsets(architecture);
    for (int i = passes.size(); i < nodes.size(); i++) {
      passes.add(pass(i, offsets[i], largestBatch));
    }
    this.last = passes.get(passes.size() - 1);
  }

  private LayerPass pass(int index, int parameters, int largestBatch) {
    Node node = architecture.nodes().get(index);
    boolean joins = Passes.joins(node.layer());
    List<LayerPass> inputs = new ArrayList<>();
    for (int from : node.inputs()) {
      LayerPass source = output(from);
      boolean taken = !joins && source != input && !written.add(source);
      inputs.add(taken ? branch(source) : source);
    }
    LayerPass pass =
        Passes.make(
            node.layer(), new Passes.Place(architecture, index, inputs, parameters, largestBatch));
    if (pass instanceof JoinPass join) {
      for (int i = 0; i < inputs.size(); i++) {
        share(inputs.get(i), new Share(join, i));
      }
    }
    return pass;
  }

  private Branch branch(LayerPass source) {
    Branch branch = new Branch(source);
    share(source, new Share(branch, 0));
    return branch;
  }

  private void share(LayerPass source, Share share) {
    if (source != input) {
      shares.computeIfAbsent(source, s -> new ArrayList<>()).add(share);
    }
  }

  /** The pass that makes what a layer reads. */
  private LayerPass output(int node) {
    if (node != Node.NETWORK_INPUT) {
      return passes.get(node);
    }
    return entry == null ? requireNonNull(input, "input") : entry;
  }

  /** How many numbers the buffers have for each example when nothing but outputs is wanted. */
  public long inferenceFloats() {
    return floatsAnExample(Mode.INFERENCE);
  }

  /** How many numbers the buffers have for each example in training. */
  public long trainingFloats() {
    return floatsAnExample(Mode.TRAINING);
  }

  private long floatsAnExample(Mode mode) {
    long floats = input == null ? 0 : input.floatsAnExample(mode);
    for (LayerPass pass : passes) {
      floats += pass.floatsAnExample(mode);
      for (Share share : shares.getOrDefault(pass, List.of())) {
        floats += share.pass() instanceof Branch branch ? branch.floatsAnExample(mode) : 0;
      }
    }
    return floats;
  }

  /** Where each layer's parameters begin. */
  private static int[] offsets(Architecture architecture) {
    int[] offsets = new int[architecture.layers().size()];
    List<ParameterTensor> tensors = architecture.tensors();
    for (int t = tensors.size() - 1; t >= 0; t--) {
      offsets[tensors.get(t).layer()] = tensors.get(t).offset();
    }
    return offsets;
  }

  /**
   * Tells which weights may be other than zero from now on; the gradient of others is left as it
   * is.
   *
   * @param live ascending, among the parameters: the same array for as long as they are the same;
   *     none if it is not known, or they are many
   */
  public void setLive(int[] live) {
    for (LayerPass pass : passes) {
      pass.setLive(live);
    }
  }

  /**
   * The logits of a batch.
   *
   * @param logits {@code [batch × classes]}, written
   */
  public void forward(float[] parameters, Batch batch, float[] logits) {
    forward(parameters, batch, logits, Mode.INFERENCE);
  }

  /**
   * The logits of a batch, whose gradient will be asked for next; batch normalization works with
   * the batch's statistics.
   *
   * @param batch must stay as it is until then
   * @param logits {@code [batch × classes]}, written
   */
  public void forwardInTraining(float[] parameters, Batch batch, float[] logits) {
    forward(parameters, batch, logits, Mode.TRAINING);
  }

  private void forward(float[] parameters, Batch batch, float[] logits, Mode mode) {
    if (firstDense != null) {
      firstDense.load(batch);
    } else if (input != null) {
      input.load(batch);
    }
    for (LayerPass pass : passes) {
      pass.forward(parameters, batch.size(), mode);
    }
    transpose(last.output(), last.shape().size(), batch.size(), logits);
  }

  /**
   * The gradient of the parameters from that of the logits of {@link #forwardInTraining}.
   *
   * @param logitGradient {@code [batch × classes]}
   * @param gradient in the layout of the architecture, overwritten
   */
  public void backward(float[] parameters, float[] logitGradient, int batch, float[] gradient) {
    transpose(logitGradient, batch, last.shape().size(), last.outputGradient());
    for (int i = passes.size() - 1; i >= 0; i--) {
      gather(passes.get(i), batch);
      passes.get(i).backward(parameters, gradient, batch);
    }
    if (entry != null) {
      gather(entry, batch);
    }
  }

  /** Completes the gradient of a pass's output, of which all readers have done their part. */
  private void gather(LayerPass pass, int batch) {
    if (pass != last && !written.contains(pass)) {
      Arrays.fill(pass.outputGradient(), 0, pass.shape().size() * batch, 0);
    }
    for (Share share : shares.getOrDefault(pass, List.of())) {
      share.pass().addInputGradient(share.input(), batch);
    }
  }

  /**
   * The gradient of the raw inputs in the last backward pass.
   *
   * @param target {@code [batch × features]}, written
   * @throws IllegalStateException unless the graph was made {@link #withInputGradient}
   */
  public void copyInputGradient(int batch, float[] target) {
    if (entry == null) {
      throw new IllegalStateException("the graph has no gradient of its inputs");
    }
    entry.copyGradient(batch, 1 / architecture.input().divisor(), target);
  }

  private static void transpose(float[] from, int rows, int columns, float[] to) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        to[c * rows + r] = from[r * columns + c];
      }
    }
  }

  /**
   * Adds to each count in how many examples a number was not zero that a layer after the first read
   * in the last forward pass.
   *
   * @param counts {@code [channel][y][x]}, added to
   */
  public void countNonzeroInputs(int layer, int batch, long[] counts) {
    LayerPass before = output(architecture.source(layer));
    Shape shape = before.shape();
    float[] output = before.output();
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          int from = ((y * shape.channels() + c) * shape.width() + x) * batch;
          int nonzero = 0;
          for (int i = from; i < from + batch; i++) {
            nonzero += output[i] == 0 ? 0 : 1;
          }
          counts[(c * shape.height() + y) * shape.width() + x] += nonzero;
        }
      }
    }
  }

  /**
   * What a layer after the first read in the last forward pass.
   *
   * @param target {@code [example][channel][y][x]}, written
   */
  public void copyInput(int layer, int batch, float[] target) {
    LayerPass before = output(architecture.source(layer));
    Shape shape = before.shape();
    float[] output = before.output();
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          int from = ((y * shape.channels() + c) * shape.width() + x) * batch;
          int to = (c * shape.height() + y) * shape.width() + x;
          for (int b = 0; b < batch; b++) {
            target[b * shape.size() + to] = output[from + b];
          }
        }
      }
    }
  }
}
