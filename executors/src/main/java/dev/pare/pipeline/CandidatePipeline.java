package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.SparseFloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.codec.LevelMatrix;
import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import dev.pare.quantize.CodebookWeights;
import dev.pare.quantize.UniformWeights;
import dev.pare.sparsify.MagnitudePruning;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Trainer;
import dev.pare.train.Variables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The stages that change a student. */
final class CandidatePipeline {
  private final Lessons lessons;

  CandidatePipeline(Lessons lessons) {
    this.lessons = requireNonNull(lessons, "lessons is null");
  }

  /**
   * Runs one stage.
   *
   * @param student left as it is
   * @param seed of all that is random in the stage
   */
  CompressedNetwork run(StageSettings settings, CompressedNetwork student, long seed) {
    return switch (settings.kind()) {
      case PRUNE -> prune((Prune) settings, student.toNetwork(), seed);
      case QUANTIZE -> quantize((Quantize) settings, student, seed);
      case ENCODE -> student;
    };
  }

  private CompressedNetwork prune(Prune settings, Network student, long seed) {
    MaskedWeights weights = new MaskedWeights(student);
    MagnitudePruning pruning = new MagnitudePruning(settings, student.architecture(), weights);
    train(student, settings.training(), weights, pruning, seed);
    pruning.prune();
    return floats(weights.network());
  }

  private CompressedNetwork quantize(Quantize settings, CompressedNetwork student, long seed) {
    if (settings.bits() == Quantize.FLOAT_BITS) {
      return student;
    }
    Network network = student.toNetwork();
    return switch (settings.quantizer()) {
      case UNIFORM -> uniform(settings, network, UniformWeights.Sharing.TENSOR, seed);
      case UNIFORM_CHANNEL -> uniform(settings, network, UniformWeights.Sharing.ROW, seed);
      case CODEBOOK -> {
        CodebookWeights weights = new CodebookWeights(network, settings.bits());
        train(network, settings.training(), weights, Schedule.NONE, seed);
        yield network(
            network,
            tensor ->
                new CodebookTensor(
                    levels(tensor, weights.levels(tensor)), weights.codebook(tensor)),
            weights::plain);
      }
    };
  }

  private CompressedNetwork uniform(
      Quantize settings, Network network, UniformWeights.Sharing sharing, long seed) {
    UniformWeights weights = new UniformWeights(network, settings.bits(), sharing);
    train(network, settings.training(), weights, Schedule.NONE, seed);
    return network(
        network,
        tensor -> new UniformTensor(levels(tensor, weights.levels(tensor)), weights.scales(tensor)),
        weights::plain);
  }

  private void train(
      Network student, Training training, Variables variables, Schedule schedule, long seed) {
    if (training.epochs() > 0) {
      new Trainer(
              student.architecture(),
              lessons.examples(),
              lessons.originals(),
              lessons.loss(training),
              training,
              0,
              seed)
          .train(variables, schedule);
    }
  }

  /**
   * A network with weights and biases as floats; zero weights are left out where that is smaller.
   */
  static CompressedNetwork floats(Network network) {
    float[] parameters = network.parameters();
    return network(
        network,
        tensor -> {
          float[] values = Arrays.copyOfRange(parameters, tensor.offset(), tensor.end());
          boolean sparse = false;
          for (float value : values) {
            sparse |= value == 0;
          }
          return sparse
              ? SparseFloatTensor.of(tensor.rows(), tensor.columns(), values)
              : new FloatTensor(tensor.rows(), tensor.columns(), values);
        },
        tensor -> Arrays.copyOfRange(parameters, tensor.offset(), tensor.end()));
  }

  private static CompressedNetwork network(
      Network network,
      Function<ParameterTensor, CompressedTensor> weight,
      Function<ParameterTensor, float[]> plain) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor tensor : network.architecture().tensors()) {
      tensors.add(
          tensor.role() == Role.WEIGHT
              ? weight.apply(tensor)
              : new FloatTensor(tensor.rows(), tensor.columns(), plain.apply(tensor)));
    }
    return new CompressedNetwork(network.architecture(), tensors);
  }

  private static LevelMatrix levels(ParameterTensor tensor, short[] levels) {
    return new LevelMatrix(tensor.rows(), tensor.columns(), levels);
  }
}
