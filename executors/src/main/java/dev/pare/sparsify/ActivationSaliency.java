package dev.pare.sparsify;

import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.LayerInputs;
import dev.pare.train.MaskedWeights;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** How often a unit's output is not zero, after its ReLU (Hu et al. 2016). */
final class ActivationSaliency implements Saliency {
  @Override
  public String name() {
    return "activation";
  }

  @Override
  public Evidence evidence() {
    return Evidence.INPUTS;
  }

  @Override
  public Optional<String> conflict(Prune settings) {
    return settings.granularity().kind() == Granularity.Kind.UNIT
        ? Optional.empty()
        : Optional.of("saliency = activation: needs granularity = unit");
  }

  /** Outputs that are never zero would make all units alike. */
  @Override
  public void check(Prune settings, Architecture architecture) {
    Set<Integer> outputs = architecture.outputLayers();
    for (ParameterTensor weight : architecture.weights()) {
      int from = weight.layer();
      if (!outputs.contains(from) && !UnitOutputs.of(architecture, from).makeZeros()) {
        throw new UnsupportedNetworkException(
            "saliency = activation: the outputs of "
                + PruningChecks.place(from, architecture)
                + ", are not zero where its units are inactive; needs ReLU or a sparse activation"
                + " after every hidden layer");
      }
    }
  }

  @Override
  public SaliencyCriterion criterion(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration) {
    return new Criterion(architecture, weights, calibration.examples());
  }

  /** Every weight of a unit has its unit's. */
  private record Criterion(Architecture architecture, MaskedWeights weights, Examples examples)
      implements SaliencyCriterion {
    @Override
    public Combination combination() {
      return Combination.FIRST;
    }

    @Override
    public int jumps() {
      return 10;
    }

    @Override
    public void score(float[] scores) {
      LayerInputs inputs = new LayerInputs(architecture, examples);
      Set<Integer> outputs = architecture.outputLayers();
      for (ParameterTensor tensor : architecture.weights()) {
        if (outputs.contains(tensor.layer())) {
          continue;
        }
        int reader = UnitOutputs.of(architecture, tensor.layer()).reader();
        double[] activity = inputs.activity(weights.values(), reader, tensor.rows());
        for (int row = 0; row < tensor.rows(); row++) {
          int from = tensor.offset() + row * tensor.columns();
          Arrays.fill(scores, from, from + tensor.columns(), (float) activity[row]);
        }
      }
    }
  }
}
