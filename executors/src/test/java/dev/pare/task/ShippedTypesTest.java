package dev.pare.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.Augmentation;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Confusion;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.candidate.Start;
import dev.pare.candidate.Training;
import dev.pare.data.CsvLayout;
import dev.pare.data.DataForm;
import dev.pare.data.DataSettings;
import dev.pare.data.ExampleShape;
import dev.pare.pipeline.ProductDigest;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageTask;
import dev.pare.prepare.Preparation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedTypesTest {
  /** In bytes; some are a broadcast of Spark's, which takes 200 more in Spark 4 than in 3.5. */
  private static final int SMALL = 4608;

  private static final StageKey KEY = new StageKey("ab".repeat(32));
  private static final StageKey OTHER = new StageKey("cd".repeat(32));
  private static final Training TRAINING =
      new Training(1, 64, 0.001, Training.Decay.COSINE, 0, 4, 0.7);
  private static final Provenance PROVENANCE =
      new Provenance(7, "1.2.3", "17.0.1", "Linux amd64", "OpenBLAS", "0@host");
  private static final DataSettings DATA =
      new DataSettings(
          "idx",
          new DataSettings.Files("file:///a", "file:///b"),
          new DataSettings.Files("file:///c", "file:///d"),
          new CsvLayout(CsvLayout.Header.ABSENT, 0, ','),
          new ExampleShape(1, 28, 28),
          10,
          42,
          255f);
  private static final DistillationDataSource SOURCE =
      new DistillationDataSource(
          DATA,
          new Augmentation(2, 4),
          "ef".repeat(32),
          KEY,
          7L,
          "file:///store",
          Metric.ERROR,
          "cpu");

  static Stream<Object> values() {
    Prune prune =
        new Prune(
            0.9,
            0.5,
            Prune.Saliency.MAGNITUDE,
            Prune.Scope.GLOBAL,
            Prune.Schedule.GRADUAL,
            0.6,
            TRAINING);
    Quantize quantize = new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, TRAINING);
    LayerSize layer = new LayerSize("0_W", "codebook", 90, 9, 10, 10, 4, 7);
    BitSet right = new BitSet();
    right.set(3);
    Measurement measurement =
        new Measurement(
            new SizeBreakdown(1, 2, 3, 4, 5),
            OriginBytes.UNKNOWN,
            "cd".repeat(32),
            100,
            10,
            new Operations(0.5, 90, 80, 7),
            List.of(layer),
            Evaluation.of(Correctness.of(right, 9)));
    return Stream.of(
        KEY,
        new StageTask(
            List.of(
                new StageTask.Step(KEY, OTHER, prune, StageTask.Product.KEPT),
                new StageTask.Step(OTHER, KEY, quantize, StageTask.Product.KEPT))),
        new StageTask(
            List.of(
                new StageTask.Step(
                    KEY,
                    OTHER,
                    Start.none(TRAINING).with(new ArchitectureForm("AAAA"), OTHER),
                    StageTask.Product.KEPT,
                    new ArchitectureForm("AAAA")))),
        TaskResult.of(List.of(new StageReport(KEY, Map.of(), null, null, PROVENANCE))),
        TaskResult.of(TransientFailure.of(new java.io.IOException("no disk"), "0@host")),
        new Candidate(
            Map.of("bits", "3"), List.of(prune, quantize, new Encode(Encode.Precision.FLOAT32))),
        new StageReport(
            KEY,
            Map.of(Kind.PRUNE, 1.0),
            measurement,
            null,
            PROVENANCE,
            new ProductDigest(KEY, "cd".repeat(32), 15),
            new ProductDigest(OTHER, "ef".repeat(32), 99)),
        new StageReport(
            KEY, Map.of(), null, new Failure(FailureCode.INTERNAL, Kind.PRUNE, "why"), PROVENANCE),
        new Outcome.Measured(KEY, measurement, Map.of("prune", 1.0), PROVENANCE),
        new Outcome.Failed(KEY, new Failure(FailureCode.INTERNAL, Kind.PRUNE, "why"), PROVENANCE),
        measurement.evaluation(),
        new Evaluation(
            new Estimate(new Metric(Metric.Kind.RECALL, "1"), 9, 0.5, 0.25, 0.75),
            measurement.validation(),
            Confusion.of(2, new int[] {0, 1, 1}, new int[] {0, -1, 1})),
        DATA,
        SOURCE,
        new TeacherBatches.Epoch(1, 4, 64, 0.1, 255, 42));
  }

  @ParameterizedTest
  @MethodSource("values")
  void valuesTravel(Object value) throws Exception {
    assertThat(travelled(value)).isEqualTo(value);
  }

  @Test
  void functionsTravelAndAreSmall() throws Exception {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[1]")
            .setAppName("pare tests")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      Broadcast<SerializableConfiguration> hadoop =
          spark.broadcast(new SerializableConfiguration(new Configuration()));
      for (Object function :
          List.of(
              new RunStage(SOURCE, hadoop),
              new RunPartition(new RunStage(SOURCE, hadoop), RunPartition.Company.NOBODY),
              new ComputeLogits(SOURCE, hadoop),
              new TestEvaluation(
                  DATA,
                  new DataForm(new ExampleShape(1, 1, 1), 2, 1, Preparation.NONE),
                  "ef".repeat(32),
                  "file:///store",
                  Metric.ERROR,
                  hadoop),
              new TeacherBatches(SOURCE, new TeacherBatches.Epoch(0, 4, 64, 0, 255, 42), hadoop))) {
        byte[] bytes = bytes(function);
        assertThat(bytes).as(function.getClass().getName()).hasSizeLessThan(SMALL);
        assertThat(object(bytes)).hasSameClassAs(function);
      }
    }
  }

  private static Object travelled(Object value) throws Exception {
    return object(bytes(value));
  }

  private static byte[] bytes(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  private static Object object(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }
}
