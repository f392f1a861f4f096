package dev.pare.model;

import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer.Parameter;
import dev.pare.model.ParameterTensor.Role;
import java.util.ArrayList;
import java.util.List;

/** The parameters of each kind of layer, in their order, with DL4J's names. */
final class LayerTensors {
  /** What the name of S ends with; no other tensor's of Pare's own layers does. */
  static final String REMAINDER = ".S";

  static final String LEFT = ".U";
  private static final String RIGHT = ".V";

  private LayerTensors() {}

  /**
   * The parameters of a layer.
   *
   * @param in what it reads
   * @throws IllegalArgumentException if they are more than an array holds
   */
  static List<Parameter> of(Layer layer, Shape in) {
    return switch (layer.kind()) {
      case DENSE -> {
        int units = ((Layer.Dense) layer).units();
        yield List.of(weight("W", units, in.size()), bias(units));
      }
      case CONVOLUTION -> {
        Layer.Convolution c = (Layer.Convolution) layer;
        long taps = Math.multiplyExact((long) in.channels(), c.area());
        yield List.of(weight("W", c.filters(), taps), bias(c.filters()));
      }
      case LSTM -> {
        int units = ((Layer.Lstm) layer).units();
        int features = in.channels() * in.width();
        yield List.of(
            weight("W", 4 * units, features), weight("RW", 4 * units, units), bias(4 * units));
      }
      case SELF_ATTENTION -> {
        Layer.SelfAttention attention = (Layer.SelfAttention) layer;
        int channels = in.channels();
        int inner = Math.multiplyExact(attention.heads(), attention.headWidth(channels));
        yield List.of(
            weight("Wq", inner, channels),
            weight("Wk", inner, channels),
            weight("Wv", inner, channels),
            weight("Wo", channels, inner));
      }
      case POSITIONS -> List.of(bias(in.size()));
      case LAYER_NORMALIZATION ->
          List.of(
              new Parameter("gamma", Role.GAMMA, 1, in.channels()),
              new Parameter("beta", Role.BETA, 1, in.channels()));
      case BATCH_NORMALIZATION ->
          List.of(
              new Parameter("gamma", Role.GAMMA, 1, in.channels()),
              new Parameter("beta", Role.BETA, 1, in.channels()),
              new Parameter("mean", Role.MEAN, 1, in.channels()),
              new Parameter("var", Role.VARIANCE, 1, in.channels()));
      case FACTORED -> factored((Layer.Factored) layer, in);
      case STOCK -> ((Layer.Stock) layer).parameters();
      case POOLING, SHORTCUT, SPARSE_ACTIVATION -> List.of();
    };
  }

  /** Of each weight that is a product U, then V, then S if there is one; all else as it is. */
  private static List<Parameter> factored(Layer.Factored layer, Shape in) {
    List<Parameter> parameters = new ArrayList<>();
    int weight = 0;
    for (Parameter whole : of(layer.inner(), in)) {
      int rank = whole.role() == Role.WEIGHT ? layer.ranks().get(weight++) : 0;
      if (rank == 0) {
        parameters.add(whole);
        continue;
      }
      if (rank > Math.min(whole.rows(), whole.columns())) {
        throw new IllegalArgumentException(
            "a rank of %d for %d×%d weights".formatted(rank, whole.rows(), whole.columns()));
      }
      parameters.add(weight(whole.name() + LEFT, whole.rows(), rank));
      parameters.add(weight(whole.name() + RIGHT, rank, whole.columns()));
      if (layer.remainder() == Layer.Remainder.SPARSE) {
        parameters.add(weight(whole.name() + REMAINDER, whole.rows(), whole.columns()));
      }
    }
    return parameters;
  }

  private static Parameter weight(String name, int rows, long columns) {
    if (columns > Architecture.MOST_PARAMETERS / rows) {
      throw Architecture.tooManyParameters();
    }
    return new Parameter(name, Role.WEIGHT, rows, (int) columns);
  }

  private static Parameter bias(int values) {
    return new Parameter("b", Role.BIAS, 1, values);
  }
}
