package dev.pare.examine;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import dev.pare.train.InputGradients;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A chain of linear layers, ReLUs and maxima, as certificates are computed of. */
final class ReluNetwork {
  /** Multiply-adds of an example, at most: each has a weight of its own here, of 8 bytes. */
  private static final double MOST = 3e7;

  /** What a step does. */
  enum Kind {
    /** Each output is a weighted sum of inputs and a bias. */
    LINEAR,
    /** Each output is the larger one of its input and zero. */
    RELU,
    /** Each output is the largest of some inputs. */
    MAXIMUM
  }

  /**
   * A step.
   *
   * @param rows the weights; of maxima those that count have weight 1
   */
  record Stage(Kind kind, int inputs, SparseRows rows) {}

  /** ReLUs have no rows. */
  private static final SparseRows NONE = new SparseRows(0, 0);

  private final List<Stage> stages = new ArrayList<>();
  private final float scale;

  private ReluNetwork(float scale) {
    this.scale = scale;
  }

  /** What raw inputs are multiplied by first. */
  float scale() {
    return scale;
  }

  List<Stage> stages() {
    return stages;
  }

  /** The steps of a network; none where it has other layers, is no chain, or is too large. */
  static Optional<ReluNetwork> of(Network original) {
    if (!InputGradients.exist(original.architecture())) {
      return Optional.empty();
    }
    Network network = InputGradients.inUse(original);
    Architecture architecture = network.architecture();
    if (weights(architecture) > MOST) {
      return Optional.empty();
    }
    ReluNetwork relu = new ReluNetwork(1 / architecture.input().divisor());
    int last = architecture.layers().size() - 1;
    for (int i = 0; i <= last; i++) {
      if (architecture.nodes().get(i).inputs().size() != 1
          || architecture.source(i) != i - 1
          || !relu.add(network, i, i == last)) {
        return Optional.empty();
      }
    }
    return Optional.of(relu);
  }

  /** How many weights of their own all steps have; those of pooling count here, too. */
  private static double weights(Architecture architecture) {
    double sum = architecture.multiplyAdds();
    for (int i = 0; i < architecture.layers().size(); i++) {
      if (architecture.layers().get(i) instanceof Pooling pooling) {
        sum +=
            (double) pooling.vertical().kernel()
                * pooling.horizontal().kernel()
                * architecture.outputShape(i).size();
      }
    }
    return sum;
  }

  private boolean add(Network network, int index, boolean last) {
    Architecture architecture = network.architecture();
    Layer layer = architecture.layers().get(index);
    Shape in = architecture.inputShape(index);
    Shape out = architecture.outputShape(index);
    if (layer instanceof Dense dense) {
      stages.add(new Stage(Kind.LINEAR, in.size(), dense(network, index, dense, in)));
      return activate(dense.activation(), out, last);
    }
    if (layer instanceof Convolution convolution) {
      stages.add(new Stage(Kind.LINEAR, in.size(), convolution(network, index, in, out)));
      return activate(convolution.activation(), out, last);
    }
    if (layer instanceof Pooling pooling) {
      Kind kind = pooling.pool() == Pooling.Pool.MAX ? Kind.MAXIMUM : Kind.LINEAR;
      stages.add(new Stage(kind, in.size(), pooled(pooling, in, out)));
      return true;
    }
    return false;
  }

  /** A softmax at the end changes no answer, and logits are what is looked at. */
  private boolean activate(Activation activation, Shape out, boolean last) {
    if (activation == Activation.RELU) {
      stages.add(new Stage(Kind.RELU, out.size(), NONE));
      return true;
    }
    return activation == Activation.IDENTITY || last && activation == Activation.SOFTMAX;
  }

  private static SparseRows dense(Network network, int index, Dense dense, Shape in) {
    List<ParameterTensor> tensors = network.architecture().tensors(index);
    float[] p = network.parameters();
    SparseRows rows = new SparseRows(dense.units(), in.size());
    for (int unit = 0; unit < dense.units(); unit++) {
      for (int i = 0; i < in.size(); i++) {
        rows.add(i, p[tensors.get(0).offset() + unit * in.size() + i]);
      }
      rows.end(p[tensors.get(1).offset() + unit]);
    }
    return rows;
  }

  private static SparseRows convolution(Network network, int index, Shape in, Shape out) {
    Convolution layer = (Convolution) network.architecture().layers().get(index);
    List<ParameterTensor> tensors = network.architecture().tensors(index);
    float[] p = network.parameters();
    int group = in.channels() / layer.groups();
    int taps = group * layer.area();
    SparseRows rows = new SparseRows(out.size(), in.size());
    for (int filter = 0; filter < layer.filters(); filter++) {
      int first = filter / (layer.filters() / layer.groups()) * group;
      int weight = tensors.get(0).offset() + filter * taps;
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          for (int c = 0; c < group; c++) {
            int channel = first + c;
            int from = weight + c * layer.area();
            forEachTap(
                layer.vertical(),
                layer.horizontal(),
                in,
                y,
                x,
                (tap, place) -> rows.add(channel * in.places() + place, p[from + tap]));
          }
          rows.end(p[tensors.get(1).offset() + filter]);
        }
      }
    }
    return rows;
  }

  private static SparseRows pooled(Pooling layer, Shape in, Shape out) {
    SparseRows rows = new SparseRows(out.size(), in.size());
    List<Integer> places = new ArrayList<>();
    for (int c = 0; c < out.channels(); c++) {
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          places.clear();
          forEachTap(
              layer.vertical(), layer.horizontal(), in, y, x, (tap, place) -> places.add(place));
          // What padding adds counts for nothing.
          float weight = layer.pool() == Pooling.Pool.MAX ? 1 : 1f / places.size();
          for (int place : places) {
            rows.add(c * in.places() + place, weight);
          }
          rows.end(0);
        }
      }
    }
    return rows;
  }

  private interface Tap {
    void at(int tap, int place);
  }

  /** Each place of a channel under a window, but for padding. */
  private static void forEachTap(
      Window vertical, Window horizontal, Shape in, int y, int x, Tap receiver) {
    for (int ky = 0; ky < vertical.kernel(); ky++) {
      int row = y * vertical.stride() + ky * vertical.dilation() - vertical.before();
      for (int kx = 0; kx < horizontal.kernel(); kx++) {
        int column = x * horizontal.stride() + kx * horizontal.dilation() - horizontal.before();
        if (row >= 0 && row < in.height() && column >= 0 && column < in.width()) {
          receiver.at(ky * horizontal.kernel() + kx, row * in.width() + column);
        }
      }
    }
  }
}
