package dev.pare.sparsify;

import dev.pare.data.ConstantFeatures;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.SparseActivation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Finds inputs and units that say the same whatever the example, or that nobody listens to, and
 * moves what constant ones say into the next biases.
 *
 * <p>A channel that is constant stays so through pooling and batch normalization (by its running
 * mean and variance), and adds the same to every place of a convolution's output; where that pads,
 * with zeros, only if it is zero, too. Where units compete, only those that never win are known to
 * be constant, and none is unheard.
 */
final class ConstantUnits {
  private final Architecture architecture;
  private final ConstantFeatures constants;
  private final int features;
  private final float scale;
  private final float[] parameters;
  private final List<Level> levels = new ArrayList<>();

  /**
   * The units that a layer with weights reads, and that layer.
   *
   * @param alive which of the units are still there
   * @param each columns of the layer's weight for one of them
   * @param biases of the layer, with what constant units contribute
   */
  private record Level(boolean[] alive, int each, ParameterTensor weight, double[] biases) {
    int left() {
      int left = 0;
      for (boolean one : alive) {
        left += one ? 1 : 0;
      }
      return left;
    }

    int index(int row, int unit) {
      return weight.offset() + row * weight.columns() + unit * each;
    }
  }

  ConstantUnits(Network network, ConstantFeatures constants) {
    this.architecture = network.architecture();
    if (constants.features() != architecture.input().size()) {
      throw new IllegalArgumentException(
          "examples have "
              + constants.features()
              + " features, the network reads "
              + architecture.input().size());
    }
    this.constants = constants;
    this.features = constants.features();
    this.scale = 1 / architecture.input().divisor();
    this.parameters = network.parameters();
    int units = Reduction.inputs(architecture);
    for (ParameterTensor tensor : architecture.tensors()) {
      if (tensor.isWeight()) {
        boolean[] alive = new boolean[units];
        Arrays.fill(alive, true);
        double[] biases = new double[tensor.rows()];
        for (int row = 0; row < biases.length; row++) {
          biases[row] = parameters[tensor.end() + row];
        }
        levels.add(new Level(alive, tensor.columns() / units, tensor, biases));
        units = tensor.rows();
      }
    }
  }

  void removeConstantInputs() {
    Level first = levels.get(0);
    int left = first.left();
    for (int input = 0; input < first.alive().length && left > 1; input++) {
      if (first.alive()[input] && isConstantInput(input)) {
        OptionalDouble value = passed(0, first.weight().layer(), input, inputValue(input));
        if (value.isPresent() && isAlikeEverywhere(first, value.getAsDouble())) {
          removeConstant(0, input, value.getAsDouble());
          left--;
        }
      }
    }
  }

  /** Removes whatever can be, until nothing more can. */
  void removeAll() {
    removeConstantInputs();
    boolean changed = true;
    while (changed) {
      changed = removeUnheard(0);
      for (int level = 1; level < levels.size(); level++) {
        changed |= removeConstantUnits(level);
        changed |= removeUnheard(level);
      }
    }
  }

  private boolean removeConstantUnits(int level) {
    Level below = levels.get(level - 1);
    boolean[] alive = levels.get(level).alive();
    int left = levels.get(level).left();
    int before = left;
    for (int unit = 0; unit < alive.length && left > 1; unit++) {
      if (alive[unit] && hearsNothing(below, unit)) {
        OptionalDouble value = constant(level, unit);
        if (value.isPresent() && isAlikeEverywhere(levels.get(level), value.getAsDouble())) {
          removeConstant(level, unit, value.getAsDouble());
          left--;
        }
      }
    }
    return left < before;
  }

  /** Whether a constant means the same to a layer in its padding as elsewhere. */
  private boolean isAlikeEverywhere(Level reader, double value) {
    return value == 0
        || !(architecture.layers().get(reader.weight().layer()) instanceof Convolution c)
        || !c.isPadded();
  }

  /** Removes units without a weight going out. */
  private boolean removeUnheard(int level) {
    if (compete(level)) {
      return false;
    }
    boolean[] alive = levels.get(level).alive();
    boolean[] heard = new boolean[alive.length];
    Level here = levels.get(level);
    for (int row = 0; row < here.weight().rows(); row++) {
      if (isThere(level + 1, row)) {
        for (int unit = 0; unit < alive.length; unit++) {
          heard[unit] |= hears(here, row, unit);
        }
      }
    }
    int left = here.left();
    int before = left;
    for (int unit = 0; unit < alive.length && left > 1; unit++) {
      if (alive[unit] && !heard[unit]) {
        alive[unit] = false;
        left--;
      }
    }
    return left < before;
  }

  /** Whether what one unit says to a level can keep another from being heard. */
  private boolean compete(int level) {
    int from = level == 0 ? 0 : levels.get(level - 1).weight().layer();
    return architecture.layers().subList(from, levels.get(level).weight().layer()).stream()
        .anyMatch(
            layer ->
                layer instanceof SparseActivation sparse
                    && sparse.rule() == SparseActivation.Rule.WINNERS);
  }

  private void removeConstant(int level, int unit, double value) {
    Level here = levels.get(level);
    here.alive()[unit] = false;
    for (int row = 0; row < here.biases().length; row++) {
      double sum = 0;
      int from = here.index(row, unit);
      for (int i = from; i < from + here.each(); i++) {
        sum += parameters[i];
      }
      here.biases()[row] += value * sum;
    }
  }

  private boolean hearsNothing(Level level, int row) {
    for (int unit = 0; unit < level.alive().length; unit++) {
      if (level.alive()[unit] && hears(level, row, unit)) {
        return false;
      }
    }
    return true;
  }

  private boolean hears(Level level, int row, int unit) {
    int from = level.index(row, unit);
    for (int i = from; i < from + level.each(); i++) {
      if (parameters[i] != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a unit that {@code level} reads is left; outputs always are. */
  private boolean isThere(int level, int unit) {
    return level == levels.size() || levels.get(level).alive()[unit];
  }

  private boolean isConstantInput(int input) {
    int each = features / levels.get(0).alive().length;
    int from = input * each;
    for (int feature = from; feature < from + each; feature++) {
      if (!constants.isConstant(feature) || constants.value(feature) != constants.value(from)) {
        return false;
      }
    }
    return true;
  }

  /** What a unit that hears nothing says to the layer {@code level}, if that is known. */
  private OptionalDouble constant(int level, int unit) {
    Level below = levels.get(level - 1);
    int layer = below.weight().layer();
    Activation activation = architecture.layers().get(layer).activation();
    double value = activation.of(below.biases()[unit]);
    return passed(layer + 1, levels.get(level).weight().layer(), unit, value);
  }

  private double inputValue(int input) {
    return constants.value(input * (features / levels.get(0).alive().length)) * scale;
  }

  /** What a constant unit becomes on its way through layers without weights, if that is known. */
  private OptionalDouble passed(int fromLayer, int toLayer, int unit, double value) {
    double now = value;
    for (int layer = fromLayer; layer < toLayer; layer++) {
      if (architecture.layers().get(layer) instanceof BatchNormalization normalization) {
        double deviation =
            Math.sqrt(parameter(layer, Role.VARIANCE, unit) + normalization.epsilon());
        double normalized = (now - parameter(layer, Role.MEAN, unit)) / deviation;
        now =
            normalization
                .activation()
                .of(
                    parameter(layer, Role.GAMMA, unit) * normalized
                        + parameter(layer, Role.BETA, unit));
      } else {
        OptionalDouble made = architecture.layers().get(layer).ofConstant(now);
        if (made.isEmpty()) {
          return made;
        }
        now = made.getAsDouble();
      }
    }
    return OptionalDouble.of(now);
  }

  private double parameter(int layer, Role role, int unit) {
    for (ParameterTensor tensor : architecture.tensors()) {
      if (tensor.layer() == layer && tensor.role() == role) {
        return parameters[tensor.offset() + unit];
      }
    }
    throw new IllegalArgumentException("layer " + layer + " has no " + role);
  }

  /** What is left of the inputs, then of the channels that each layer makes, ascending. */
  List<int[]> kept() {
    List<int[]> kept = new ArrayList<>();
    int level = 0;
    kept.add(left(level));
    for (int layer = 0; layer < architecture.layers().size(); layer++) {
      level += level < levels.size() && levels.get(level).weight().layer() == layer ? 1 : 0;
      kept.add(left(level));
    }
    return kept;
  }

  private int[] left(int level) {
    if (level == levels.size()) {
      return IntStream.range(0, levels.get(level - 1).biases().length).toArray();
    }
    boolean[] alive = levels.get(level).alive();
    return IntStream.range(0, alive.length).filter(unit -> alive[unit]).toArray();
  }

  /**
   * A unit's bias with what was constant before it.
   *
   * @param layer its layer, counting those with weights
   */
  float bias(int layer, int unit) {
    return (float) levels.get(layer).biases()[unit];
  }
}
