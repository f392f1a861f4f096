package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Activate;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.SparseActivation;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.structure.HiddenActivations;
import dev.pare.train.LayerInputs;
import dev.pare.train.MaskedWeights;
import java.util.HashMap;
import java.util.Map;

/** The stage that makes what flows between a student's layers sparse. */
final class ActivateStage {
  /** Examples that levels are fitted to; a layer has thousands of numbers of each. */
  private static final int CALIBRATION = 256;

  /** Steps of Lloyd's method, which mostly ends after ten. */
  private static final int MOST_STEPS = 100;

  private final DistillationData distillation;

  ActivateStage(DistillationData distillation) {
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  CompressedNetwork run(Activate settings, CompressedNetwork student, long seed) {
    Network start = student.toNetwork();
    if (settings.rule() != Activate.Rule.NONE
        && HiddenActivations.rectified(start.architecture()).isEmpty()) {
      throw new UnsupportedNetworkException(
          "activation: the network has no ReLU in whose place another could be");
    }
    Network sparse =
        switch (settings.rule()) {
          case NONE -> start;
          case THRESHOLD -> {
            SparseActivation least = SparseActivation.threshold((float) settings.threshold());
            yield HiddenActivations.exchange(start, layer -> least);
          }
          case TOP_K ->
              HiddenActivations.exchange(
                  start, layer -> topK(settings.topKShare(), start.architecture(), layer));
          case BINARY -> binary(start, seed);
        };
    Network trained =
        new StudentTraining(distillation, settings.training(), seed)
            .run(sparse, MaskedWeights::ofSparseResiduals);
    return CompressedNetwork.of(trained)
        .withOrigin(student.origin().map(first -> first.in(trained.architecture())));
  }

  private static SparseActivation topK(double share, Architecture architecture, int layer) {
    long count = Math.round(share * architecture.outputShape(layer).size());
    return SparseActivation.topK((int) Math.max(1, count));
  }

  /** Fits one level after the other, each to what its layer says with those before in place. */
  private Network binary(Network start, long seed) {
    Examples examples = distillation.examples();
    Examples drawn =
        SubsetExamples.draw(examples, Math.min(CALIBRATION, examples.size()), seed).drawn();
    Map<Integer, SparseActivation> chosen = new HashMap<>();
    // A threshold of zero is a ReLU.
    SparseActivation rectifier = SparseActivation.threshold(0);
    for (int layer : HiddenActivations.rectified(start.architecture())) {
      Network soFar =
          HiddenActivations.exchange(start, other -> chosen.getOrDefault(other, rectifier));
      int own = HiddenActivations.exchanged(start.architecture(), layer);
      float[] sums = new LayerInputs(soFar.architecture(), drawn).all(soFar.parameters(), own);
      chosen.put(layer, SparseActivation.binary(level(sums)));
    }
    return HiddenActivations.exchange(start, chosen::get);
  }

  /**
   * The level a of least squared error between numbers and a where they are at least a/2, else
   * zero: the mean of those that it stands for (Lloyd 1982). 1 where nothing is positive.
   */
  static float level(float[] numbers) {
    float level = 0;
    for (int step = 0; step < MOST_STEPS; step++) {
      double sum = 0;
      long count = 0;
      for (float number : numbers) {
        if (number > 0 && number >= level / 2) {
          sum += number;
          count++;
        }
      }
      if (count == 0) {
        return 1;
      }
      float mean = (float) (sum / count);
      if (mean == level) {
        return level;
      }
      level = mean;
    }
    return level;
  }
}
