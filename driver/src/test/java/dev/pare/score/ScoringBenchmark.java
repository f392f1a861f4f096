package dev.pare.score;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pare.LocalSpark;
import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.export.OnnxExport;
import dev.pare.export.WeightForm;
import dev.pare.task.ScalaSequences;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import scala.collection.Seq;

/**
 * Rows a second that a file of 28 × 28 pixels scores in one task, beside the same network with all
 * its floats in ONNX Runtime, 256 rows at once on one thread, and rows that are only read; the most
 * of several turns. {@code mvn -q -pl driver -am test -Dsurefire.failIfNoSpecifiedTests=false
 * -Dtest=ScoringBenchmark -Dfile=FILE.pare}
 */
class ScoringBenchmark {
  private static final int ROWS = 20_000;
  private static final int TURNS = 8;
  private static final StructType SCORED = new StructType().add("label", DataTypes.IntegerType);

  @Test
  void times() throws Exception {
    String file = requireNonNull(System.getProperty("file"), "-Dfile=FILE.pare");
    CompressedNetwork network = new ArtifactReader().read(Files.readAllBytes(Path.of(file)));
    byte[] model = OnnxExport.of(network, WeightForm.FLOAT, Map.of()).bytes();
    try (SparkSession spark = LocalSpark.open(1)) {
      Dataset<Row> images =
          spark
              .createDataFrame(
                  images(),
                  new StructType().add("features", DataTypes.createArrayType(DataTypes.FloatType)))
              .coalesce(1)
              .cache();
      assertThat(images.count()).isEqualTo(ROWS);
      Map<String, Dataset<Row>> ways =
          Map.of(
              "Pare", new PareTransformer().setFile(file).transform(images).select("prediction"),
              "ONNX Runtime",
                  images.mapPartitions(new RuntimePartition(model), Encoders.row(SCORED)),
              "rows alone",
                  images.mapPartitions(
                      (MapPartitionsFunction<Row, Row>) rows -> rows,
                      Encoders.row(images.schema())));
      for (int turn = 0; turn < TURNS; turn++) {
        for (Map.Entry<String, Dataset<Row>> way : ways.entrySet()) {
          long start = System.nanoTime();
          way.getValue().write().format("noop").mode("overwrite").save();
          System.out.printf(
              "%s: %.0f rows/s%n", way.getKey(), ROWS / (1e-9 * (System.nanoTime() - start)));
        }
      }
    }
  }

  /** Of whose pixels one in five is not zero, as of digits. */
  private static List<Row> images() {
    SplittableRandom random = new SplittableRandom(1);
    List<Row> images = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      float[] pixels = new float[784];
      int from = random.nextInt(100, 500);
      for (int k = from; k < from + 157; k++) {
        pixels[k] = random.nextInt(256);
      }
      images.add(RowFactory.create((Object) pixels));
    }
    return images;
  }

  private record RuntimePartition(byte[] model) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws OrtException {
      List<Row> scored = new ArrayList<>();
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        try (OrtSession session = environment.createSession(model, options)) {
          while (rows.hasNext()) {
            List<Row> batch = new ArrayList<>();
            while (batch.size() < 256 && rows.hasNext()) {
              batch.add(rows.next());
            }
            scored.addAll(labels(environment, session, batch));
          }
        }
      }
      return scored.iterator();
    }

    private static List<Row> labels(OrtEnvironment environment, OrtSession session, List<Row> batch)
        throws OrtException {
      FloatBuffer pixels = FloatBuffer.allocate(784 * batch.size());
      for (Row row : batch) {
        for (Object pixel : ScalaSequences.javaList((Seq<?>) row.get(0))) {
          pixels.put((Float) pixel);
        }
      }
      pixels.flip();
      long[] shape = {batch.size(), 1, 28, 28};
      List<Row> labels = new ArrayList<>();
      try (OnnxTensor input = OnnxTensor.createTensor(environment, pixels, shape);
          OrtSession.Result result = session.run(Map.of("input", input))) {
        for (float[] outputs : (float[][]) result.get(0).getValue()) {
          int label = 0;
          for (int i = 1; i < outputs.length; i++) {
            label = outputs[i] > outputs[label] ? i : label;
          }
          labels.add(RowFactory.create(label));
        }
      }
      return labels;
    }
  }
}
