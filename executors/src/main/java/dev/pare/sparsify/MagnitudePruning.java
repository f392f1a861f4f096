package dev.pare.sparsify;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Prune;
import dev.pare.model.Architecture;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Prunes the weights of least magnitude, at once or along the cubic ramp of Zhu and Gupta (2017):
 * after {@code t} of {@code n} ramp steps the sparsity is {@code s·(1 − (1 − t/n)³)}. What is
 * pruned stays pruned. The sparsity reached is exact: of {@code N} competing weights {@code
 * round(s·N)} are zero, ties going to the weight that comes first. Where the network was reduced
 * before, the weights left out are among the {@code N} and count as pruned: if they are more than
 * {@code round(s·N)} alone, no other weight goes.
 */
public final class MagnitudePruning implements Schedule {
  /**
   * Sparsity follows the ramp in this many jumps: each costs a pass over the weights, and finer
   * ones change nothing.
   */
  private static final int JUMPS = 100;

  private final Prune settings;
  private final MaskedWeights weights;
  private final List<Pool> pools;
  private final float[] scratch;

  /**
   * Weights that compete with each other.
   *
   * @param total how many they were before the network was reduced
   */
  private record Pool(List<ParameterTensor> tensors, long total, double sparsity) {
    static Pool of(
        List<ParameterTensor> originals, UnaryOperator<ParameterTensor> part, double sparsity) {
      return new Pool(
          originals.stream().map(part).toList(),
          originals.stream().mapToLong(ParameterTensor::size).sum(),
          sparsity);
    }
  }

  /** Will prune {@code weights}, which belong to a network of {@code architecture}. */
  public MagnitudePruning(Prune settings, Architecture architecture, MaskedWeights weights) {
    this(settings, weights, pools(settings, architecture, UnaryOperator.identity()));
  }

  /** Will prune {@code weights}, which belong to the network that {@code reduction} left. */
  public MagnitudePruning(Prune settings, Reduction reduction, MaskedWeights weights) {
    this(settings, weights, pools(settings, reduction.original(), reduction::part));
  }

  private MagnitudePruning(Prune settings, MaskedWeights weights, List<Pool> pools) {
    this.settings = requireNonNull(settings, "settings is null");
    this.weights = requireNonNull(weights, "weights is null");
    this.pools = pools;
    this.scratch = new float[weights.values().length];
  }

  /**
   * @param part what is left of a tensor
   */
  private static List<Pool> pools(
      Prune settings, Architecture original, UnaryOperator<ParameterTensor> part) {
    List<ParameterTensor> tensors = new ArrayList<>();
    for (ParameterTensor tensor : original.tensors()) {
      if (tensor.role() == Role.WEIGHT) {
        tensors.add(tensor);
      }
    }
    List<Pool> pools = new ArrayList<>();
    Double outputSparsity = settings.outputSparsity();
    if (outputSparsity != null) {
      ParameterTensor output = tensors.remove(tensors.size() - 1);
      pools.add(Pool.of(List.of(output), part, outputSparsity));
    }
    switch (settings.scope()) {
      case GLOBAL -> pools.add(Pool.of(tensors, part, settings.sparsity()));
      case LAYER ->
          tensors.forEach(tensor -> pools.add(Pool.of(List.of(tensor), part, settings.sparsity())));
    }
    return pools;
  }

  /** Prunes to the full sparsity now. */
  public void prune() {
    pruneTo(1);
  }

  @Override
  public void before(int step, int steps) {
    switch (settings.schedule()) {
      case ONE_SHOT, ITERATIVE -> {
        if (step == 0) {
          prune();
        }
      }
      case GRADUAL -> {
        int ramp = (int) (settings.ramp() * (steps - 1));
        int interval = Math.max(1, ramp / JUMPS);
        if (step == ramp) {
          prune();
        } else if (step < ramp && step % interval == 0) {
          double left = 1 - (double) step / ramp;
          pruneTo(1 - left * left * left);
        }
      }
    }
  }

  private void pruneTo(double share) {
    for (Pool pool : pools) {
      prune(pool, pool.sparsity() * share);
    }
  }

  private void prune(Pool pool, double sparsity) {
    float[] values = weights.values();
    int alive = 0;
    for (ParameterTensor tensor : pool.tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        if (!weights.isPruned(i)) {
          scratch[alive++] = Math.abs(values[i]);
        }
      }
    }
    int excess = (int) (Math.round(sparsity * pool.total()) - (pool.total() - alive));
    if (excess <= 0) {
      return;
    }
    float threshold = Selection.smallest(scratch, alive, excess);
    int below = 0;
    for (int i = 0; i < alive; i++) {
      below += scratch[i] < threshold ? 1 : 0;
    }
    int ties = excess - below;
    for (ParameterTensor tensor : pool.tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        float magnitude = Math.abs(values[i]);
        if (!weights.isPruned(i)
            && magnitude <= threshold
            && (magnitude < threshold || ties-- > 0)) {
          weights.prune(i);
        }
      }
    }
  }
}
