package dev.pare.spec;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.candidate.Training;
import dev.pare.factorize.Factorization;
import dev.pare.graph.Architecture;
import dev.pare.pipeline.DistillationCheck;
import dev.pare.regularize.Regularization;
import dev.pare.sparsify.PruningChecks;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.structure.HiddenActivations;
import java.util.Optional;

/** Whether a stage's settings fit a network, by the checks that the stage itself makes. */
public final class NetworkFit {
  private NetworkFit() {}

  /** Why they do not, naming the setting, if so. */
  public static Optional<String> problem(StageSettings settings, Architecture network) {
    try {
      training(settings)
          .ifPresent(training -> DistillationCheck.checkAdversarial(training, network));
      switch (settings.kind()) {
        case ACTIVATE -> {
          if (((Activate) settings).rule() != Activate.Rule.NONE
              && HiddenActivations.rectified(network).isEmpty()) {
            return Optional.of(
                "activation: the network has no ReLU in whose place another could be");
          }
        }
        case FACTORIZE -> Factorization.check((Factorize) settings, network);
        case REGULARIZE -> Regularization.check((Regularize) settings, network);
        case PRUNE -> PruningChecks.check((Prune) settings, network);
        case ENCODE -> DistillationCheck.checkAttack((Encode) settings, network);
        case START, QUANTIZE -> {
          // They treat whatever there is.
        }
      }
      return Optional.empty();
    } catch (UnsupportedNetworkException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Why there is nothing to learn for a network of so many outputs, naming the setting, if so. */
  public static Optional<String> problemOfOutputs(StageSettings settings, int outputs) {
    try {
      training(settings).ifPresent(training -> DistillationCheck.check(training, outputs));
      return Optional.empty();
    } catch (UnsupportedNetworkException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Training> training(StageSettings settings) {
    return switch (settings.kind()) {
      case START -> Optional.of(((Start) settings).training());
      case ACTIVATE -> Optional.of(((Activate) settings).training());
      case FACTORIZE -> Optional.of(((Factorize) settings).training());
      case REGULARIZE -> Optional.of(((Regularize) settings).training());
      case PRUNE -> Optional.of(((Prune) settings).training());
      case QUANTIZE -> Optional.of(((Quantize) settings).training());
      case ENCODE -> Optional.empty();
    };
  }
}
