package dev.pare.opencl;

import dev.pare.candidate.Task;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Layer;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Window;
import dev.pare.model.Dl4jNetworks;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kernels of a training step of one architecture: their source, and in which order and how
 * large they run. Each layer's sizes are defined before its kernels' common text, so that compilers
 * see constants.
 */
final class NetworkProgram {
  /** Steps whose batches and rates are on the device at once. */
  static final int WINDOW = 256;

  /** Places over which one part of a weight gradient's sum goes. */
  private static final int PART = 1024;

  private static final int MOST_PARTS = 32;
  private static final int GROUP = 64;

  /** Of work groups along all dimensions but the first, as CUDA allows them. */
  private static final long MOST_GROUPS = 65_535;

  private static final String TOO_LARGE = "its batches are too large for the kernels";

  private final Architecture architecture;
  private final int batch;
  private final StringBuilder source = new StringBuilder();
  private final List<Launch> forward = new ArrayList<>();
  private final List<Launch> backward = new ArrayList<>();
  private final int[] outputs;
  private final Set<Integer> written = new HashSet<>();
  private int values;
  private int parts;

  /**
   * One kernel of a step.
   *
   * @param first work items, or groups times items, of a student along the first dimension
   * @param second the same of the second; 0 where students are it
   * @param third groups of a student along the third dimension
   * @param items of a group
   */
  record Launch(String kernel, long first, long second, long third, int items) {
    /** A work item a number. */
    static Launch numbers(String kernel, long count) {
      return new Launch(kernel, roundedUp(count, GROUP), 0, 1, GROUP);
    }

    private static long roundedUp(long count, int multiple) {
      return (count + multiple - 1) / multiple * multiple;
    }
  }

  /** Sides of a tile of a product. */
  private record Tile(int rows, int columns) {
    static Tile of(long rows, long columns) {
      return new Tile(rows > 32 ? 64 : 32, columns > 32 ? 64 : columns > 16 ? 32 : 16);
    }

    int items() {
      return rows / 4 * (columns / 4);
    }

    Launch launch(String kernel, long m, long n, long each) {
      long right = (n + columns - 1) / columns * items();
      return new Launch(kernel, right, (m + rows - 1) / rows, each, items());
    }
  }

  /**
   * @param bytes whether features are kept as unsigned bytes, not as floats
   */
  NetworkProgram(Architecture architecture, int batch, Task task, boolean bytes) {
    this.architecture = architecture;
    this.batch = batch;
    this.outputs = new int[architecture.nodes().size()];
    this.values = Math.multiplyExact(batch, architecture.input().size());
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = values;
      values = Math.addExact(values, Math.multiplyExact(batch, architecture.outputShape(i).size()));
      if (architecture.nodes().get(i).layer() instanceof BatchNormalization) {
        values = Math.addExact(values, 2 * architecture.outputShape(i).channels());
      }
    }
    this.parts = batch;
    StringBuilder layers = new StringBuilder();
    for (int i = outputs.length - 1; i >= 0; i--) {
      layers.append(layer(i));
    }
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("DATA", bytes ? "uchar" : "float");
    sizes.put("CLASSIFICATION", task == Task.CLASSIFICATION ? 1 : 0);
    sizes.put("BATCH", batch);
    sizes.put("FEATURES", architecture.input().size());
    sizes.put("SCALE", number(1 / architecture.input().divisor()));
    sizes.put("OUTPUTS", architecture.outputs());
    sizes.put("INPUT", 0);
    sizes.put("OUTPUT", outputs[outputs.length - 1]);
    sizes.put("VALUES", values);
    sizes.put("PARTS", parts);
    sizes.put("PARAMETERS", architecture.parameters());
    sizes.put("PITCH", pitch());
    sizes.put("STEPS", WINDOW);
    define(source, sizes);
    source.append(text("common.cl")).append(layers);
  }

  /** Why there are no kernels for batches of an architecture, in words that follow "because". */
  static Optional<String> refusal(Architecture architecture, int batch) {
    for (Layer layer : architecture.layers()) {
      if (!(layer instanceof Dense
          || layer instanceof Convolution
          || layer instanceof Pooling
          || layer instanceof BatchNormalization
          || layer instanceof Shortcut)) {
        return Optional.of("there are no kernels for a layer: " + layer.title());
      }
    }
    try {
      boolean large =
          new NetworkProgram(architecture, batch, Task.CLASSIFICATION, false)
              .launches(1).stream()
                  .anyMatch(launch -> Math.max(launch.second(), launch.third()) > MOST_GROUPS);
      return large ? Optional.of(TOO_LARGE) : Optional.empty();
    } catch (ArithmeticException e) {
      return Optional.of(TOO_LARGE);
    }
  }

  /** How many students may be trained at once. */
  int mostStudents() {
    long most = launches(1).stream().mapToLong(Launch::third).max().orElse(1);
    return (int) (MOST_GROUPS / most);
  }

  String source() {
    return source.toString();
  }

  /** All kernels, one of each. */
  List<String> kernels() {
    return launches(1).stream().map(Launch::kernel).toList();
  }

  /**
   * The kernels of a step, in their order.
   *
   * @param shared the most variables of a student whose parameters share them; 0 if there is none
   */
  List<Launch> launches(int shared) {
    List<Launch> all = new ArrayList<>();
    all.add(Launch.numbers("load", (long) batch * architecture.input().size()));
    for (int i = forward.size() - 1; i >= 0; i--) {
      all.add(forward.get(i));
    }
    all.add(Launch.numbers("loss", batch));
    all.add(new Launch("sumLoss", 0, 0, 1, 1));
    all.addAll(backward);
    all.add(Launch.numbers("adam", architecture.parameters()));
    if (shared > 0) {
      all.add(new Launch("adamShared", (long) shared * GROUP, 0, 1, GROUP));
      all.add(Launch.numbers("expand", architecture.parameters()));
    }
    return all;
  }

  /** Numbers of a student's layers, in either direction. */
  int values() {
    return values;
  }

  /** Numbers of partial sums of a student. */
  int parts() {
    return parts;
  }

  /** Numbers of a student's parameters, with what aligns them. */
  int pitch() {
    return (architecture.parameters() + 15) / 16 * 16;
  }

  private String layer(int index) {
    Node node = architecture.nodes().get(index);
    Layer layer = node.layer();
    Shape in = architecture.inputShape(index);
    Shape out = architecture.outputShape(index);
    Map<String, Object> sizes = new LinkedHashMap<>();
    String name = "n" + index + "_";
    sizes.put("NODE(x)", name + "##x");
    sizes.put("IN_C", in.channels());
    sizes.put("IN_H", in.height());
    sizes.put("IN_W", in.width());
    sizes.put("OUT_C", out.channels());
    sizes.put("OUT_H", out.height());
    sizes.put("OUT_W", out.width());
    sizes.put("X", at(node.inputs().get(0)));
    sizes.put("Y", outputs[index]);
    String activation =
        layer.activation() == Activation.SOFTMAX ? "IDENTITY" : layer.activation().name();
    sizes.put("ACTIVATE", "ACTIVATE_" + activation);
    sizes.put("SLOPE", "SLOPE_" + activation);
    boolean gradient = wantsGradient(node.inputs().get(0));
    sizes.put("INPUT_GRADIENT", gradient ? 1 : 0);
    sizes.put("PUT(v)", put(node.inputs().get(0)));
    if (layer instanceof Convolution c) {
      windows(sizes, c.vertical(), c.horizontal());
      return products(index, name, sizes, in, out, c.groups(), c.area(), gradient);
    }
    if (layer instanceof Dense) {
      Shape flat = new Shape(in.size(), 1, 1);
      sizes.put("IN_C", in.size());
      sizes.put("IN_H", 1);
      sizes.put("IN_W", 1);
      windows(sizes, Window.POINTS, Window.POINTS);
      return products(index, name, sizes, flat, out, 1, 1, gradient);
    }
    if (layer instanceof Pooling p) {
      windows(sizes, p.vertical(), p.horizontal());
      sizes.put("MAXIMUM", p.pool() == Pooling.Pool.MAX ? 1 : 0);
      forward.add(Launch.numbers(name + "forward", (long) batch * out.size()));
      if (gradient) {
        backward.add(Launch.numbers(name + "input", (long) batch * in.size()));
      }
      return defined(sizes, "pooling.cl");
    }
    if (layer instanceof BatchNormalization b) {
      sizes.put("GAMMA", architecture.tensors(index).get(0).offset());
      sizes.put("STATISTICS", outputs[index] + batch * out.size());
      sizes.put("EPSILON", number(b.epsilon()));
      sizes.put("MOMENTUM", number((float) (1 - Dl4jNetworks.MEAN_DECAY)));
      long items = (long) in.channels() * GROUP;
      forward.add(new Launch(name + "forward", items, 0, 1, GROUP));
      backward.add(new Launch(name + "backward", items, 0, 1, GROUP));
      return defined(sizes, "normalization.cl");
    }
    int from = node.inputs().get(1);
    Shape other = architecture.outputShape(from);
    sizes.put("OTHER", at(from));
    sizes.put("OTHER_C", other.channels());
    sizes.put("OTHER_H", other.height());
    sizes.put("OTHER_W", other.width());
    sizes.put("SAMPLED", Shortcut.stride(in, other));
    boolean otherGradient = wantsGradient(from);
    sizes.put("OTHER_GRADIENT", otherGradient ? 1 : 0);
    sizes.put("PUT_OTHER(v)", put(from));
    forward.add(Launch.numbers(name + "forward", (long) batch * out.size()));
    if (gradient) {
      backward.add(Launch.numbers(name + "input", (long) batch * in.size()));
    }
    if (otherGradient) {
      backward.add(Launch.numbers(name + "other", (long) batch * other.size()));
    }
    return defined(sizes, "shortcut.cl");
  }

  private static void windows(Map<String, Object> sizes, Window vertical, Window horizontal) {
    sizes.put("KERNEL_Y", vertical.kernel());
    sizes.put("KERNEL_X", horizontal.kernel());
    sizes.put("STRIDE_Y", vertical.stride());
    sizes.put("STRIDE_X", horizontal.stride());
    sizes.put("DILATION_Y", vertical.dilation());
    sizes.put("DILATION_X", horizontal.dilation());
    sizes.put("PADDING_Y", vertical.before());
    sizes.put("PADDING_X", horizontal.before());
  }

  private String products(
      int index,
      String name,
      Map<String, Object> sizes,
      Shape in,
      Shape out,
      int groups,
      int area,
      boolean gradient) {
    long places = (long) batch * out.places();
    int taps = in.channels() / groups * area;
    int filters = out.channels() / groups;
    int split = (int) Math.min(MOST_PARTS, (places + PART - 1) / PART);
    sizes.put("FILTER_GROUPS", groups);
    sizes.put("WEIGHTS", architecture.tensors(index).get(0).offset());
    sizes.put("WEIGHTS_SPLIT", split);
    Tile tile = Tile.of(places, filters);
    put(sizes, "FORWARD", tile);
    forward.add(tile.launch(name + "forward", places, filters, groups));
    tile = Tile.of(filters, taps + 1);
    put(sizes, "WEIGHTS", tile);
    backward.add(tile.launch(name + "weights", filters, taps + 1, (long) split * groups));
    if (split > 1) {
      int size = out.channels() * (taps + 1);
      parts = Math.max(parts, Math.multiplyExact(split, size));
      backward.add(Launch.numbers(name + "sum", size));
    }
    if (gradient) {
      long inputs = (long) batch * in.places();
      tile = Tile.of(inputs, in.channels() / groups);
      put(sizes, "INPUT", tile);
      backward.add(tile.launch(name + "input", inputs, in.channels() / groups, groups));
    }
    return defined(sizes, "convolution.cl");
  }

  private static void put(Map<String, Object> sizes, String product, Tile tile) {
    sizes.put(product + "_TM", tile.rows());
    sizes.put(product + "_TN", tile.columns());
  }

  private int at(int node) {
    return node == Node.NETWORK_INPUT ? 0 : outputs[node];
  }

  /** Whether there are parameters in what leads to a node. */
  private boolean wantsGradient(int node) {
    return node != Node.NETWORK_INPUT
        && (!architecture.tensors(node).isEmpty()
            || architecture.nodes().get(node).inputs().stream().anyMatch(this::wantsGradient));
  }

  /** The first reader, from behind, writes a gradient; others add to it. */
  private String put(int node) {
    return written.add(node) ? "= (v)" : "+= (v)";
  }

  private static String number(float value) {
    return Float.toHexString(value) + "f";
  }

  private static String defined(Map<String, Object> sizes, String file) {
    StringBuilder text = new StringBuilder();
    define(text, sizes);
    text.append(text(file).replace("#include \"product.cl\"\n", text("product.cl")));
    for (String name : sizes.keySet()) {
      text.append("#undef ").append(name.replaceAll("\\(.*", "")).append('\n');
    }
    return text.toString();
  }

  private static void define(StringBuilder text, Map<String, Object> sizes) {
    sizes.forEach(
        (name, value) ->
            text.append("#define ").append(name).append(' ').append(value).append('\n'));
  }

  private static String text(String file) {
    try (InputStream in = NetworkProgram.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
