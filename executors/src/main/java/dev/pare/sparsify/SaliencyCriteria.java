package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.LayerInputs;
import dev.pare.train.MaskedWeights;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** The saliencies. */
final class SaliencyCriteria {
  private SaliencyCriteria() {}

  /** What scores the weights of a network by the settings' saliency. */
  static SaliencyCriterion of(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration) {
    return switch (settings.saliency()) {
      case MAGNITUDE -> new Magnitude(weights);
      case RANDOM -> new Random(weights.values().length, calibration.seed());
      case GRADIENT -> TaylorSaliency.ofMagnitudes(architecture, weights, calibration.examples());
      case FISHER -> TaylorSaliency.ofHalvedSquares(architecture, weights, calibration.examples());
      case ACTIVATION -> new Activity(architecture, weights, calibration.examples());
      case SURGEON ->
          new SurgeonSaliency(
              settings.calibration(), architecture, weights, calibration.examples());
      case RECONSTRUCTION ->
          new ReconstructionSaliency(
              settings.calibration(), architecture, weights, calibration.examples());
      case MOVEMENT -> new MovementSaliency(weights);
    };
  }

  private record Magnitude(MaskedWeights weights) implements SaliencyCriterion {
    @Override
    public Combination combination() {
      return Combination.ROOT_MEAN_SQUARE;
    }

    @Override
    public void score(float[] scores) {
      Combination.ROOT_MEAN_SQUARE.ofEach(weights.values(), scores);
    }
  }

  /** One draw a weight, the same at every step. */
  private static final class Random implements SaliencyCriterion {
    private final float[] draws;

    Random(int count, long seed) {
      this.draws = new float[count];
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < count; i++) {
        draws[i] = (float) random.nextDouble();
      }
    }

    @Override
    public Combination combination() {
      return Combination.FIRST;
    }

    @Override
    public void score(float[] scores) {
      System.arraycopy(draws, 0, scores, 0, scores.length);
    }
  }

  /** Of a unit, how often its listeners hear something; every weight of it has its unit's. */
  private record Activity(Architecture architecture, MaskedWeights weights, Examples examples)
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
      List<ParameterTensor> tensors =
          architecture.tensors().stream().filter(t -> t.isWeight()).toList();
      LayerInputs inputs = new LayerInputs(architecture, examples);
      Set<Integer> outputs = architecture.outputLayers();
      for (ParameterTensor tensor : tensors) {
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
