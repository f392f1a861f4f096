package dev.pare.factorize;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Factorize;
import dev.pare.data.Examples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Factored;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.train.LayerInputs.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Networks whose weights are products of narrow matrices, wherever these have fewer numbers. */
public final class Factorization {
  /** Of one unit, for its inputs' moments: a matrix of so many squared takes half a gigabyte. */
  private static final int MOST_INPUTS = 8192;

  private final Factorize settings;
  private final Network network;
  private final @Nullable WeightInputs inputs;
  private final LayerList layers;

  /** Tensors of weights, from input to output. */
  private final List<ParameterTensor> weights;

  /** The share of the full rank of each of these; empty to go by the settings. */
  private final List<Double> shares;

  private Factorization(Factorize settings, Network network, Examples calibration) {
    this.settings = requireNonNull(settings, "settings is null");
    this.network = requireNonNull(network, "network is null");
    this.layers = new LayerList(network.architecture());
    this.weights = weights(network.architecture());
    this.inputs =
        settings.method() == Factorize.Method.ALS ? new WeightInputs(network, calibration) : null;
    Double budget = settings.rankBudget();
    this.shares =
        budget == null || !settings.layerRank().isEmpty() ? settings.layerRank() : allotted(budget);
  }

  /**
   * Checks whether some settings fit a network.
   *
   * @throws UnsupportedNetworkException telling what they cannot treat, if they do not
   */
  public static void check(Factorize settings, Architecture architecture) {
    settings
        .conflict()
        .ifPresent(
            problem -> {
              throw new UnsupportedNetworkException(problem);
            });
    if (settings.method() == Factorize.Method.NONE) {
      return;
    }
    if (settings.split() == Factorize.Split.SPATIAL
        && architecture.layers().stream().noneMatch(ConvolutionSplit::isSpatial)) {
      throw new UnsupportedNetworkException(
          "split = spatial: the network has no convolution higher and wider than one place");
    }
    List<ParameterTensor> weights = weights(architecture);
    int given = settings.layerRank().size();
    if (given > 0 && given != weights.size()) {
      throw new UnsupportedNetworkException(
          "layer-rank = %s: has %d shares, the network %d tensors of weights"
              .formatted(settings.layerRank(), given, weights.size()));
    }
    if (given == 0
        && settings.outputLayer() == Factorize.OutputLayer.KEEP
        && weights.stream()
            .allMatch(tensor -> architecture.outputLayers().contains(tensor.layer()))) {
      throw new UnsupportedNetworkException(
          "factorize: the network has no weights but the output layer's; needs output-layer ="
              + " factorize");
    }
  }

  private static List<ParameterTensor> weights(Architecture architecture) {
    return architecture.weights();
  }

  /** Inputs follow from the data, which nobody has read while settings are checked. */
  private static void checkInputs(Factorize settings, Architecture architecture) {
    if (settings.method() == Factorize.Method.ALS) {
      for (ParameterTensor tensor : architecture.tensors()) {
        if (tensor.isWeight() && tensor.columns() > MOST_INPUTS) {
          throw new UnsupportedNetworkException(
              "factorize = als: a unit of %s has %d weights, at most %d can be fitted"
                  .formatted(tensor.name(), tensor.columns(), MOST_INPUTS));
        }
      }
    }
  }

  /**
   * The network with factors for weights, wherever that is smaller.
   *
   * @param network left as it is
   * @param calibration asked by {@link Factorize.Method#ALS} alone
   * @throws UnsupportedNetworkException if the settings do not fit the network
   */
  public static Network of(Factorize settings, Network network, Examples calibration) {
    check(settings, network.architecture());
    checkInputs(settings, network.architecture());
    return new Factorization(settings, network, calibration).run();
  }

  /** The share of the full rank of each tensor of weights, under one budget. */
  private List<Double> allotted(double budget) {
    Double[] allotted = new Double[weights.size()];
    Arrays.fill(allotted, 1.0);
    List<RankAllotment.Part> parts = new ArrayList<>();
    List<Integer> tensors = new ArrayList<>();
    int layer = -1;
    int index = 0;
    for (int i = 0; i < allotted.length; i++) {
      ParameterTensor tensor = weights.get(i);
      index = tensor.layer() == layer ? index + 1 : 0;
      layer = tensor.layer();
      if (!takesPart(layer)) {
        continue;
      }
      int own = index;
      Layer of = network.architecture().layers().get(layer);
      Matrix matrix = matrix(of, tensor);
      Optional<RankAllotment.Part> part =
          new Approximation(settings).part(matrix, () -> moments(tensor, own), extra(of));
      if (part.isPresent()) {
        parts.add(part.get());
        tensors.add(i);
      }
    }
    int[] ranks = RankAllotment.ranks(parts, budget);
    for (int i = 0; i < ranks.length; i++) {
      allotted[tensors.get(i)] = parts.get(i).share(ranks[i]);
    }
    return List.of(allotted);
  }

  private Network run() {
    List<Layer> all = network.architecture().layers();
    for (int i = 0; i < all.size(); i++) {
      List<ParameterTensor> tensors = network.architecture().tensors(i);
      if (!takesPart(i)) {
        layers.add(all.get(i), tensors.stream().map(this::values).toList());
      } else if (becomesTwo(all.get(i))) {
        chain(all.get(i), tensors);
      } else {
        wrap(all.get(i), tensors);
      }
      layers.endOriginal();
    }
    return layers.network();
  }

  /** Whether a layer may be made of factors. */
  private boolean takesPart(int layer) {
    int count = network.architecture().layers().get(layer).factorable();
    return count > 1
        || count == 1
            && (!settings.layerRank().isEmpty()
                || settings.outputLayer() == Factorize.OutputLayer.FACTORIZE
                || !network.architecture().outputLayers().contains(layer));
  }

  /** Whether of a layer that takes part each factor is a layer of its own. */
  private boolean becomesTwo(Layer layer) {
    return layer.factorable() == 1 && settings.sparseResidual() == 0;
  }

  /** Numbers that a rank costs beside a row and a column: the first layer's bias. */
  private int extra(Layer layer) {
    return becomesTwo(layer) && !(layer instanceof Embedding) ? 1 : 0;
  }

  private Optional<ConvolutionSplit> split(Layer layer) {
    return becomesTwo(layer)
            && settings.split() == Factorize.Split.SPATIAL
            && ConvolutionSplit.isSpatial(layer)
        ? Optional.of(new ConvolutionSplit((Convolution) layer))
        : Optional.empty();
  }

  private float[] values(ParameterTensor tensor) {
    float[] values = new float[tensor.size()];
    System.arraycopy(network.parameters(), tensor.offset(), values, 0, values.length);
    return values;
  }

  private Matrix matrix(ParameterTensor tensor) {
    Matrix matrix = new Matrix(tensor.rows(), tensor.columns());
    for (int i = 0; i < tensor.size(); i++) {
      matrix.values()[i] = network.parameters()[tensor.offset() + i];
    }
    return matrix;
  }

  /** What the factors are of. */
  private Matrix matrix(Layer layer, ParameterTensor weight) {
    Matrix whole = matrix(weight);
    return split(layer).map(split -> split.matrix(whole)).orElse(whole);
  }

  private Approximation approximation(ParameterTensor weight) {
    return new Approximation(
        shares.isEmpty()
            ? settings
            : settings.but().rank(shares.get(weights.indexOf(weight))).energy(null).build());
  }

  private Moments moments(ParameterTensor tensor, int index) {
    return requireNonNull(inputs, "inputs").of(tensor, index);
  }

  /** A dense layer, a convolution or an embedding as two, if that is smaller. */
  private void chain(Layer layer, List<ParameterTensor> tensors) {
    ParameterTensor weight = tensors.get(0);
    Optional<ConvolutionSplit> split = split(layer);
    Optional<LowRank> found =
        approximation(weight).of(matrix(layer, weight), () -> moments(weight, 0), extra(layer));
    if (found.isEmpty()) {
      layers.add(layer, tensors.stream().map(this::values).toList());
      return;
    }
    float[] bias = tensors.size() > 1 ? values(tensors.get(1)) : new float[weight.rows()];
    LowRank factors = found.get();
    int rank = factors.rank();
    float[] first = floats(factors.right());
    float[] none = new float[rank];
    if (split.isPresent()) {
      layers.add(split.get().first(rank), List.of(first, none));
      layers.add(split.get().second(), List.of(floats(split.get().weights(factors.left())), bias));
      return;
    }
    makeUp(matrix(weight), factors, weight, 0, bias);
    if (layer instanceof Convolution convolution) {
      layers.add(
          convolution.withFilters(rank).withActivation(Activation.IDENTITY), List.of(first, none));
      layers.add(
          new Convolution(convolution.filters(), 1, 1, convolution.activation()),
          List.of(floats(factors.left()), bias));
    } else if (layer instanceof Embedding embedding) {
      layers.add(new Embedding(embedding.tokens(), rank), List.of(first));
      layers.add(
          new Convolution(embedding.width(), 1, 1, Activation.IDENTITY),
          List.of(floats(factors.left()), bias));
    } else {
      layers.add(new Dense(rank, Activation.IDENTITY), List.of(first, none));
      layers.add(layer, List.of(floats(factors.left()), bias));
    }
  }

  /** A layer in its place, made of factors where that is smaller. */
  private void wrap(Layer layer, List<ParameterTensor> tensors) {
    List<float[]> values = new ArrayList<>();
    List<Integer> ranks = new ArrayList<>();
    List<ParameterTensor> biases = tensors.stream().filter(t -> t.role() == Role.BIAS).toList();
    // Of several, none is what all weights' products are added to.
    Optional<float[]> bias =
        biases.size() == 1 ? Optional.of(values(biases.get(0))) : Optional.empty();
    for (ParameterTensor tensor : tensors) {
      if (tensor.role() == Role.BIAS) {
        values.add(bias.orElseGet(() -> values(tensor)));
        continue;
      }
      int index = ranks.size();
      Matrix whole = matrix(tensor);
      Optional<LowRank> found =
          approximation(tensor).of(whole, () -> moments(tensor, index), extra(layer));
      ranks.add(found.map(LowRank::rank).orElse(0));
      if (found.isEmpty()) {
        values.add(values(tensor));
        continue;
      }
      LowRank factors = found.get();
      values.add(floats(factors.left()));
      values.add(floats(factors.right()));
      if (factors.sparseResidual() != null) {
        values.add(floats(factors.sparseResidual()));
      }
      bias.ifPresent(b -> makeUp(whole, factors, tensor, index, b));
    }
    Factored.SparseResidual sparseResidual =
        settings.sparseResidual() > 0
            ? Factored.SparseResidual.PRESENT
            : Factored.SparseResidual.NONE;
    boolean factored = ranks.stream().anyMatch(rank -> rank > 0);
    layers.add(factored ? new Factored(layer, ranks, sparseResidual) : layer, values);
  }

  /** Where inputs were asked, adds to biases the mean of what has got lost. */
  private void makeUp(
      Matrix whole, LowRank factors, ParameterTensor tensor, int index, float[] bias) {
    if (inputs == null) {
      return;
    }
    double[] mean = inputs.of(tensor, index).mean();
    Matrix lost = whole.minus(factors.product());
    for (int row = 0; row < bias.length; row++) {
      bias[row] += (float) Matrix.dot(lost.values(), row * mean.length, mean, 0, mean.length);
    }
  }

  private static float[] floats(Matrix matrix) {
    float[] floats = new float[matrix.values().length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) matrix.values()[i];
    }
    return floats;
  }
}
