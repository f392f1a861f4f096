package dev.pare.quantize;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Quantize;
import dev.pare.codec.LevelMatrix;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.train.FisherDiagonal;
import dev.pare.train.TrainableParameters;
import java.util.Optional;

/**
 * How weights choose among levels: the nearest, or, if bits are worth anything by the settings, one
 * that makes up for its error by the bits it saves.
 */
public final class LevelChoice {
  /** Examples that tell how much weights matter. */
  private static final int FISHER_EXAMPLES = 1000;

  private final Quantize settings;
  private final Examples examples;
  private final LevelCost cost;

  /**
   * @param examples as the network to quantize reads them
   * @param cost of levels in the file
   */
  public LevelChoice(Quantize settings, Examples examples, LevelCost cost) {
    this.settings = requireNonNull(settings, "settings is null");
    this.examples = requireNonNull(examples, "examples is null");
    this.cost = requireNonNull(cost, "cost is null");
  }

  /** Examples as the network to quantize reads them. */
  Examples examples() {
    return examples;
  }

  /** The levels of a network's weight tensors. */
  @FunctionalInterface
  public interface Levels {
    short[] of(ParameterTensor tensor);

    /** The same of the network that was reduced to that one; what was left out is zero. */
    default LevelMatrix expanded(ParameterTensor tensor, ReducedNetwork reduction) {
      short[] levels = reduction.expand(tensor, of(reduction.part(tensor)));
      return new LevelMatrix(tensor.rows(), tensor.columns(), levels);
    }
  }

  /** Levels of a weight tensor of which some are chosen for their bits. */
  @FunctionalInterface
  public interface ChosenLevels {
    short[] of(ParameterTensor tensor, RateDistortion choice);
  }

  /** For the weights of a network; empty where bits are worth nothing. */
  public Optional<RateDistortion> of(Network network) {
    if (settings.rateDistortion() == 0) {
      return Optional.empty();
    }
    RateDistortion choice = new RateDistortion(settings.rateDistortion(), cost);
    return Optional.of(
        switch (settings.rateDistortionWeight()) {
          case NONE -> choice;
          case FISHER ->
              choice.weighted(
                  network,
                  FisherDiagonal.of(
                      network.architecture(),
                      network.parameters(),
                      SubsetExamples.spread(examples, FISHER_EXAMPLES)));
        });
  }

  /**
   * The levels of weights that have been trained.
   *
   * @param start the network that training began with
   * @param nearest where bits are worth nothing
   */
  public Levels after(
      TrainableParameters trained, Network start, Levels nearest, ChosenLevels chosen) {
    Network network = new Network(start.architecture(), trained.parameters().clone());
    return of(network).<Levels>map(choice -> tensor -> chosen.of(tensor, choice)).orElse(nearest);
  }

  /**
   * A network whose weights are zero where that is chosen for its bits. For quantizers whose
   * weights keep no trace of their magnitudes in training, so that zeros have to be chosen before
   * it.
   */
  public Network before(Network start, ChosenLevels chosen) {
    Optional<RateDistortion> choice = of(start);
    if (choice.isEmpty()) {
      return start;
    }
    float[] parameters = start.parameters().clone();
    for (ParameterTensor tensor : start.architecture().tensors()) {
      if (tensor.isWeight()) {
        short[] levels = chosen.of(tensor, choice.get());
        for (int i = 0; i < levels.length; i++) {
          if (levels[i] == 0) {
            parameters[tensor.offset() + i] = 0;
          }
        }
      }
    }
    return new Network(start.architecture(), parameters);
  }
}
