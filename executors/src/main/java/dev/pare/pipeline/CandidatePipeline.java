package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.BiasPrecision;
import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.EquivalentNetworks;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.HalfTables;
import dev.pare.artifact.SparseFloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageSettings;
import dev.pare.codec.LevelMatrix;
import dev.pare.model.Architecture;
import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import dev.pare.quantize.CodebookWeights;
import dev.pare.quantize.RateDistortion;
import dev.pare.quantize.UniformWeights;
import dev.pare.sparsify.Reduction;
import dev.pare.train.Schedule;
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
      case PRUNE -> new PruneStage(lessons).run((Prune) settings, student, seed);
      case QUANTIZE -> quantize((Quantize) settings, student, seed);
      case ENCODE -> encode((Encode) settings, student);
    };
  }

  private CompressedNetwork quantize(Quantize settings, CompressedNetwork student, long seed) {
    if (settings.bits() == Quantize.FLOAT_BITS) {
      return student;
    }
    Reduction reduction = Reduction.of(student.toNetwork(), lessons.constants());
    return switch (settings.quantizer()) {
      case UNIFORM -> uniform(settings, reduction, UniformWeights.Sharing.TENSOR, seed);
      case UNIFORM_CHANNEL -> uniform(settings, reduction, UniformWeights.Sharing.ROW, seed);
      case CODEBOOK -> {
        CodebookWeights weights = codebook(settings, reduction.network());
        lessons.train(reduction, settings.training(), weights, Schedule.NONE, seed);
        yield network(
            reduction.original(),
            tensor -> {
              ParameterTensor part = reduction.part(tensor);
              return new CodebookTensor(
                  levels(tensor, reduction.expand(tensor, weights.levels(part))),
                  weights.codebook(part));
            },
            tensor -> reduction.expand(tensor, weights.plain(reduction.part(tensor))));
      }
    };
  }

  private static CodebookWeights codebook(Quantize settings, Network start) {
    return settings.rateDistortion() == 0
        ? new CodebookWeights(start, settings.bits())
        : CodebookWeights.chosen(start, settings.bits(), choice(settings));
  }

  private static short[] levels(Quantize settings, UniformWeights weights, ParameterTensor tensor) {
    return settings.rateDistortion() == 0
        ? weights.levels(tensor)
        : weights.levels(tensor, choice(settings));
  }

  private static RateDistortion choice(Quantize settings) {
    return new RateDistortion(settings.rateDistortion(), new CoderCost());
  }

  /** The same function, up to the precision asked for, in fewer bytes. */
  private static CompressedNetwork encode(Encode settings, CompressedNetwork student) {
    CompressedNetwork simple = EquivalentNetworks.simplify(student);
    CompressedNetwork rounded =
        switch (settings.precision()) {
          case FLOAT32 -> simple;
          case FLOAT16 -> BiasPrecision.FLOAT16.apply(HalfTables.apply(simple));
          case UNIFORM8 -> BiasPrecision.UNIFORM8.apply(HalfTables.apply(simple));
        };
    return EquivalentNetworks.order(rounded);
  }

  private CompressedNetwork uniform(
      Quantize settings, Reduction reduction, UniformWeights.Sharing sharing, long seed) {
    UniformWeights weights = new UniformWeights(reduction.network(), settings.bits(), sharing);
    lessons.train(reduction, settings.training(), weights, Schedule.NONE, seed);
    return network(
        reduction.original(),
        tensor -> {
          ParameterTensor part = reduction.part(tensor);
          float[] scales = weights.scales(part);
          return new UniformTensor(
              levels(tensor, reduction.expand(tensor, levels(settings, weights, part))),
              sharing == UniformWeights.Sharing.ROW
                  ? reduction.expandRows(tensor, scales)
                  : scales);
        },
        tensor -> reduction.expand(tensor, weights.plain(reduction.part(tensor))));
  }

  /**
   * A network with weights and biases as floats; zero weights are left out where that is smaller.
   */
  static CompressedNetwork floats(Network network) {
    float[] parameters = network.parameters();
    return network(
        network.architecture(),
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
      Architecture architecture,
      Function<ParameterTensor, CompressedTensor> weight,
      Function<ParameterTensor, float[]> plain) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor tensor : architecture.tensors()) {
      tensors.add(
          tensor.role() == Role.WEIGHT
              ? weight.apply(tensor)
              : new FloatTensor(tensor.rows(), tensor.columns(), plain.apply(tensor)));
    }
    return new CompressedNetwork(architecture, tensors);
  }

  private static LevelMatrix levels(ParameterTensor tensor, short[] levels) {
    return new LevelMatrix(tensor.rows(), tensor.columns(), levels);
  }
}
