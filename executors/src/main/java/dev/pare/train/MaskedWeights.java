package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Free parameters, of which some weights are held at zero. */
public final class MaskedWeights implements TrainableParameters, Technique {
  private final Architecture architecture;
  private final float[] values;
  private final float[] mask;
  private final List<Range> ranges;
  private int[] live = NONE;
  private boolean maskChanged;
  private @Nullable Consumer<float[]> watcher;

  /** Starts from a network's parameters, copied; nothing is masked. */
  public MaskedWeights(Network start) {
    this.architecture = start.architecture();
    this.values = start.parameters().clone();
    this.mask = new float[values.length];
    Arrays.fill(mask, 1);
    this.ranges = ranges(architecture);
  }

  /**
   * Starts from a network's parameters, copied, and holds at zero what is zero of factored layers'
   * residuals: they have been made sparse, and stay so.
   */
  public static MaskedWeights ofSparseResiduals(Network start) {
    return holdingZeros(start, tensor -> tensor.role() == Role.SPARSE_RESIDUAL);
  }

  /** Starts from a network's parameters, copied, and holds at zero all weights that are zero. */
  public static MaskedWeights ofNonzeros(Network start) {
    return holdingZeros(start, ParameterTensor::isWeight);
  }

  private static MaskedWeights holdingZeros(Network start, Predicate<ParameterTensor> which) {
    MaskedWeights weights = new MaskedWeights(start);
    start.architecture().tensors().stream()
        .filter(which)
        .forEach(
            tensor -> {
              for (int i = tensor.offset(); i < tensor.end(); i++) {
                weights.mask[i] = weights.values[i] == 0 ? 0 : 1;
              }
            });
    weights.maskChanged = true;
    return weights;
  }

  /** The ranges of parameters that are trained as they are. */
  public static List<Range> ranges(Architecture architecture) {
    List<Range> ranges = new ArrayList<>();
    for (ParameterTensor tensor : architecture.tensors()) {
      ranges.add(new Range(tensor.offset(), tensor.end(), kindOf(tensor.role())));
    }
    return List.copyOf(ranges);
  }

  /** What holds for parameters that are trained as they are. */
  public static Kind kindOf(Role role) {
    return switch (role) {
      case WEIGHT, LEFT_FACTOR, RIGHT_FACTOR, SPARSE_RESIDUAL -> Kind.WEIGHTS;
      case BIAS, GAMMA, BETA, SLOPE -> Kind.FREE;
      case MEAN, VARIANCE -> Kind.STATISTICS;
    };
  }

  /** Holds a weight at zero until it may grow. */
  public void prune(int index) {
    mask[index] = 0;
    values[index] = 0;
    maskChanged = true;
  }

  /** Lets a weight that was held at zero change from there. */
  public void grow(int index) {
    mask[index] = 1;
    maskChanged = true;
  }

  /**
   * Shows someone each step's gradient before the step is taken; weights may be pruned and may grow
   * then. The gradient is not to be kept or written to.
   */
  public void watch(Consumer<float[]> watcher) {
    this.watcher = requireNonNull(watcher, "watcher is null");
  }

  /** Whether a weight is held at zero. */
  public boolean isPruned(int index) {
    return mask[index] == 0;
  }

  @Override
  public TrainableParameters variables() {
    return this;
  }

  /** The network as it is now. */
  @Override
  public Network network() {
    return new Network(architecture, values.clone());
  }

  @Override
  public float[] values() {
    return values;
  }

  @Override
  public float[] parameters() {
    return values;
  }

  @Override
  public float[] pullBack(float[] parameterGradient) {
    if (watcher != null) {
      watcher.accept(parameterGradient);
    }
    return parameterGradient;
  }

  @Override
  public Optional<int[]> sources() {
    return watcher == null
        ? Optional.of(IntStream.range(0, values.length).toArray())
        : Optional.empty();
  }

  @Override
  public List<Range> ranges() {
    return ranges;
  }

  @Override
  public float[] mask() {
    return mask;
  }

  @Override
  public int[] liveVariables() {
    if (maskChanged) {
      live = TrainableParameters.fewOf(ranges, mask);
      maskChanged = false;
    }
    return live;
  }

  @Override
  public int[] liveParameters() {
    return watcher == null ? liveVariables() : NONE;
  }
}
