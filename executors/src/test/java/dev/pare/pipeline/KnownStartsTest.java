package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Named.named;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.Origin;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Name;
import dev.pare.model.NamedArchitecture.Size;
import dev.pare.rewrite.WrittenNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where weights began is known of students that have lost units, heads and layers, too. */
class KnownStartsTest {
  private static final long SEED = 4;
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
  private static final Training SOME = new Training(1, 16, 0.001, Training.Decay.COSINE, 0, 2, 0.5);
  private static final InputShape INPUT = new InputShape(1, 8, 8, 1);
  private static final Architecture CHAIN =
      new Architecture(
          INPUT,
          List.of(
              new Convolution(12, 3, 1, Activation.RELU),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new Dense(40, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));
  private static final Architecture TRANSFORMER =
      new NamedArchitecture(
              Name.ATTENTION, List.of(16, 24), Map.of(Size.BLOCKS, 2, Size.HEADS, 4, Size.PATCH, 4))
          .resolve(INPUT, 3);
  private static final Architecture RESIDUAL =
      new NamedArchitecture(Name.RESNET, List.of(8, 12), Map.of(Size.BLOCKS, 2)).resolve(INPUT, 3);
  private static final Architecture RECURRENT =
      new NamedArchitecture(Name.LSTM, List.of(16), Map.of()).resolve(INPUT, 3);

  private static StageChain pipeline(Architecture architecture) {
    SplittableRandom random = new SplittableRandom(3);
    Examples train = MemoryExamples.clusters(120, 64, 3, random);
    Network teacher = Initialization.random(architecture, SEED);
    return new StageChain(
        new DistillationData(
            train,
            train.size(),
            MemoryExamples.clusters(40, 64, 3, random),
            Evaluator.logits(teacher, train),
            new DistillationData.Origin(architecture, SEED)));
  }

  private static CompressedNetwork teacher(Architecture architecture) {
    return CompressedNetwork.of(Initialization.random(architecture, SEED))
        .withOrigin(Optional.of(Origin.of(architecture, SEED)));
  }

  private static Prune prune(Granularity granularity, double sparsity, Training training) {
    return new Prune(
            sparsity,
            null,
            Prune.Saliency.MAGNITUDE,
            granularity.kind() == Granularity.Kind.LAYER ? Prune.Scope.GLOBAL : Prune.Scope.LAYER,
            Prune.Schedule.ONE_SHOT,
            0.5,
            training)
        .but()
        .granularity(granularity)
        .build();
  }

  private static Quantize quantize(double rateDistortion) {
    return new Quantize(
        3,
        Quantize.Quantizer.CODEBOOK,
        Quantize.USUAL_GROUP,
        Quantize.USUAL_VECTOR_DIMENSION,
        null,
        rateDistortion,
        Quantize.Weight.NONE,
        null,
        BatchNormalization.KEEP,
        Encode.Origin.ON,
        NONE);
  }

  private static final Encode ENCODE =
      new Encode(
          Encode.Precision.FLOAT32,
          Encode.NormalizationPrecision.FLOAT32,
          BatchNormalization.KEEP,
          Encode.Origin.ON);

  private static final Encode WITHOUT =
      new Encode(
          ENCODE.precision(),
          ENCODE.normalizationPrecision(),
          ENCODE.batchNormalization(),
          Encode.Origin.OFF);

  static List<Named<Case>> cases() {
    return List.of(
        named("units", new Case(CHAIN, prune(Granularity.UNIT, 0.5, SOME))),
        named("heads", new Case(TRANSFORMER, prune(Granularity.HEAD, 0.5, SOME))),
        named("blocks", new Case(TRANSFORMER, prune(Granularity.LAYER, 0.5, SOME))),
        named("residual blocks", new Case(RESIDUAL, prune(Granularity.LAYER, 0.5, SOME))),
        named("weights of an LSTM", new Case(RECURRENT, prune(Granularity.WEIGHT, 0.5, SOME))));
  }

  record Case(Architecture architecture, Prune prune) {}

  private static WrittenNetwork written(Case of, StageSettings... more) {
    StageChain pipeline = pipeline(of.architecture());
    CompressedNetwork student = pipeline.run(of.prune(), teacher(of.architecture()), 9);
    for (StageSettings settings : more) {
      student = pipeline.run(settings, student, 10);
    }
    return pipeline.written(ENCODE, student, 11);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theFileIsSmallerByWhereItsWeightsBeganAndIsTheNetworkToTheBit(Case of) {
    WrittenNetwork student = written(of, quantize(0));
    CompressedNetwork network = student.network();

    assertThat(network.origin()).isPresent();
    CompressedNetwork unknown = network.withOrigin(Optional.empty());
    assertThat(student.file()).hasSizeLessThan(WrittenNetwork.of(unknown).file().length * 9 / 10);
    CompressedNetwork read = new ArtifactReader().read(student.file());
    assertThat(read).isEqualTo(network);
    assertThat(read.toNetwork().parameters()).containsExactly(network.toNetwork().parameters());
    assertThat(written(of, quantize(0)).file()).isEqualTo(student.file());
  }

  /** Untrained weights are still where they began. */
  @ParameterizedTest
  @MethodSource("cases")
  void whatIsLeftBeganWhereItIs(Case of) {
    Prune untrained = of.prune().but().training(NONE).build();
    CompressedNetwork pruned =
        pipeline(of.architecture()).run(untrained, teacher(of.architecture()), 9);

    assertBeganWhereItIs(pruned);
  }

  @Test
  void unitsAndHeadsAndBlocksMayGoOneAfterTheOther() {
    StageChain pipeline = pipeline(TRANSFORMER);
    CompressedNetwork student = teacher(TRANSFORMER);
    for (Prune settings :
        List.of(
            prune(Granularity.HEAD, 0.25, NONE),
            prune(Granularity.LAYER, 0.25, NONE),
            prune(Granularity.HEAD, 0.5, NONE),
            prune(Granularity.LAYER, 0.5, NONE))) {
      student = pipeline.run(settings, student, 9);
      assertBeganWhereItIs(student);
    }
    student = teacher(CHAIN);
    for (double sparsity : List.of(0.2, 0.5)) {
      student = pipeline(CHAIN).run(prune(Granularity.UNIT, sparsity, NONE), student, 9);
      assertBeganWhereItIs(student);
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"ONE_SHOT", "GRADUAL", "REWIND"},
      mode = EnumSource.Mode.INCLUDE)
  void byAllSchedulesTheOriginIsOfTheUnitsThatAreLeft(Prune.Schedule schedule) {
    Prune settings = prune(Granularity.UNIT, 0.5, NONE).but().schedule(schedule).build();
    assertBeganWhereItIs(pipeline(CHAIN).run(settings, teacher(CHAIN), 9));
  }

  @Test
  void studentsThatBeginAnewBeganThere() {
    Training hardly = new Training(1, 16, 1e-9, Training.Decay.COSINE, 0, 2, 0.5);
    Prune settings =
        prune(Granularity.UNIT, 0.5, hardly)
            .but()
            .initialization(Prune.Initialization.RANDOM)
            .build();
    CompressedNetwork pruned = pipeline(CHAIN).run(settings, teacher(CHAIN), 9);

    assertBeganWhereItIs(pruned);
    assertThat(pruned.origin())
        .isNotEqualTo(
            pipeline(CHAIN).run(prune(Granularity.UNIT, 0.5, NONE), teacher(CHAIN), 9).origin());
  }

  /** The same student, each way: what a file takes is what the other's measurement says of it. */
  @Test
  void filesWithoutTheOriginAreThoseOfANetworkFromOutside() {
    StageChain pipeline = pipeline(CHAIN);
    Prune units = prune(Granularity.UNIT, 0.5, SOME);
    CompressedNetwork student =
        pipeline.run(quantize(0), pipeline.run(units, teacher(CHAIN), 9), 10);
    WrittenNetwork on = pipeline.written(ENCODE, student, 11);
    WrittenNetwork off = pipeline.written(WITHOUT, student, 11);
    CompressedNetwork foreign = student.withOrigin(Optional.empty());

    assertThat(off.network().origin()).isEmpty();
    assertThat(off.file()).isEqualTo(pipeline.written(ENCODE, foreign, 11).file());
    assertThat(on.file()).hasSizeLessThan(off.file().length);
    OriginBytes bytes = new OriginBytes((long) on.file().length, (long) off.file().length);
    assertThat(on.byOrigin()).isEqualTo(bytes);
    assertThat(off.byOrigin()).isEqualTo(bytes);
    assertThat(pipeline.written(ENCODE, foreign, 11).byOrigin())
        .isEqualTo(new OriginBytes(null, (long) off.file().length));
  }

  /** Rate against distortion, as the file will have it. */
  @Test
  void pricesAreThoseOfAFileWithoutTheOriginWhereItWillHaveNone() {
    StageChain pipeline = pipeline(CHAIN);
    CompressedNetwork student = pipeline.run(prune(Granularity.UNIT, 0.5, SOME), teacher(CHAIN), 9);
    CompressedNetwork foreign = student.withOrigin(Optional.empty());
    Quantize priced = quantize(0.05);
    Quantize off =
        new Quantize(
            priced.bits(),
            priced.quantizer(),
            priced.group(),
            priced.vectorDimension(),
            priced.rate(),
            priced.rateDistortion(),
            priced.rateDistortionWeight(),
            null,
            priced.batchNormalization(),
            Encode.Origin.OFF,
            priced.training());

    List<CompressedTensor> known = pipeline.run(priced, student, 10).tensors();
    List<CompressedTensor> unknown = pipeline.run(off, student, 10).tensors();
    assertThat(unknown).isEqualTo(pipeline.run(priced, foreign, 10).tensors());
    assertThat(known).isNotEqualTo(unknown);
    // Each is the cheaper one of the two in the file that it was priced for.
    assertThat(pipeline.written(ENCODE, pipeline.run(priced, student, 10), 11).byOrigin().with())
        .isLessThan(pipeline.written(ENCODE, pipeline.run(off, student, 10), 11).byOrigin().with());
  }

  private static void assertBeganWhereItIs(CompressedNetwork student) {
    Origin origin = student.origin().orElseThrow();
    Architecture architecture = student.architecture();
    short[] starts = origin.starts(architecture);
    float[] values = student.toNetwork().parameters();
    for (ParameterTensor tensor : architecture.tensors()) {
      double unit = tensor.isWeight() ? origin.deviation(architecture, tensor) : 0;
      for (int i = tensor.offset(); i < tensor.end() && unit > 0; i++) {
        if (values[i] != 0) {
          assertThat(starts[i] / 128.0)
              .as(tensor.name())
              .isCloseTo(values[i] / unit, within(0.005));
        }
      }
    }
  }
}
