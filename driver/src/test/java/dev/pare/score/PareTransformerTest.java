package dev.pare.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.pare.LocalSpark;
import dev.pare.graph.Activation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PareTransformerTest {
  private static final StructType PEOPLE =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("town", DataTypes.StringType)
          .add("age", DataTypes.DoubleType)
          .add("height", DataTypes.FloatType);

  private static SparkSession spark;

  @TempDir private static Path folder;

  @BeforeAll
  static void start() {
    spark =
        LocalSpark.open(
            2, Map.of("spark.serializer", "org.apache.spark.serializer.KryoSerializer"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Dataset<Row> people() {
    return spark.createDataFrame(
        List.of(
            RowFactory.create(1L, "Rome", 60.0, -1.5f),
            RowFactory.create(2L, "Bonn", null, 2f),
            RowFactory.create(3L, "Bonn", Double.NaN, -9f)),
        PEOPLE);
  }

  private static PareTransformer transformer(String file) {
    return new PareTransformer().setFile(file);
  }

  private static Dataset<Row> vectors(DataType type, Object... vectors) {
    return spark.createDataFrame(
        Arrays.stream(vectors).map(RowFactory::create).toList(),
        new StructType().add("features", type));
  }

  @Test
  void columnsAreReadByTheNamesOfTheFile() throws IOException {
    Dataset<Row> scored =
        transformer(TableFile.write(folder, Activation.SOFTMAX))
            .setClassCol("answer")
            .transform(people());

    assertThat(scored.columns())
        .containsExactly(
            "id", "town", "age", "height", "prediction", "answer", "probability", "rawPrediction");
    List<Row> rows = scored.collectAsList();
    assertThat(rows).extracting(row -> row.getLong(0)).containsExactly(1L, 2L, 3L);
    assertThat(rows).extracting(row -> row.getDouble(4)).containsExactly(0.0, 1.0, 0.0);
    assertThat(rows).extracting(row -> row.getString(5)).containsExactly("no", "yes", "no");
    // 1 / (1 + e^-1.5), by hand.
    assertThat(((Vector) rows.get(0).get(6)).apply(0)).isCloseTo(0.8175745, within(1e-6));
    assertThat(rows)
        .extracting(row -> (Vector) row.get(7))
        .containsExactly(Vectors.dense(2, 0.5), Vectors.dense(-1, 2), Vectors.dense(-1, -9));
  }

  @Test
  void booleansAndDecimalsAreReadAsTablesAre() throws IOException {
    // Parquet's booleans are 1 and 0, decimals have all of their digits.
    Dataset<Row> rows =
        people()
            .limit(1)
            .selectExpr("town", "CAST(60 AS decimal(20, 8)) AS age", "true AS height", "id");
    Row scored = transformer(TableFile.write(folder, Activation.SOFTMAX)).transform(rows).head();
    assertThat((Vector) scored.getAs("rawPrediction")).isEqualTo(Vectors.dense(2, 3));

    Dataset<Row> flags = people().limit(1).selectExpr("true AS one", "false AS other");
    Row sum =
        transformer(TableFile.writeNumbers(folder, Activation.IDENTITY, 3, 10))
            .setInputCols(new String[] {"one", "other"})
            .transform(flags)
            .head();
    assertThat((double) sum.getAs("prediction")).isEqualTo(3);

    Dataset<Row> small = people().limit(1).selectExpr("CAST('0' AS decimal(20, 8)) AS code");
    assertThat(
            (double)
                transformer(TableFile.writeCode(folder, "0.00000000"))
                    .transform(small)
                    .head()
                    .getAs("prediction"))
        .isEqualTo(5);
  }

  @Test
  void vectorsAndArraysOfAllKindsAreRead() throws IOException {
    String file = TableFile.writeNumbers(folder, Activation.IDENTITY, 1, 10);
    List<Dataset<Row>> inputs =
        List.of(
            vectors(
                SQLDataTypes.VectorType(),
                Vectors.dense(1, 2),
                Vectors.sparse(2, new int[] {1}, new double[] {3})),
            vectors(
                DataTypes.createArrayType(DataTypes.FloatType), List.of(1f, 2f), List.of(0f, 3f)),
            vectors(
                DataTypes.createArrayType(DataTypes.DoubleType),
                List.of(1.0, 2.0),
                List.of(0.0, 3.0)),
            vectors(
                DataTypes.createArrayType(DataTypes.LongType), List.of(1L, 2L), List.of(0L, 3L)));
    for (Dataset<Row> input : inputs) {
      Dataset<Row> scored = transformer(file).setRawPredictionCol("").transform(input);
      assertThat(scored.columns()).containsExactly("features", "prediction");
      assertThat(scored.select("prediction").collectAsList())
          .extracting(row -> row.getDouble(0))
          .containsExactly(21.0, 30.0);
    }
  }

  @Test
  void columnsOfOtherNamesAreReadInOrder() throws IOException {
    Dataset<Row> scored =
        transformer(TableFile.writeNumbers(folder, Activation.IDENTITY, 1, 10))
            .setInputCols(new String[] {"height", "id"})
            .transform(people());
    assertThat(scored.select("prediction").collectAsList())
        .extracting(row -> row.getDouble(0))
        .containsExactly(8.5, 22.0, 21.0);
  }

  @Test
  void severalNumbersAreAVector() throws IOException {
    Dataset<Row> scored =
        transformer(TableFile.writeNumbers(folder, Activation.IDENTITY, 1, 10, 2, 0))
            .transform(vectors(SQLDataTypes.VectorType(), Vectors.dense(3, 4)));
    assertThat(scored.select("prediction").head().get(0)).isEqualTo(Vectors.dense(43, 6));
  }

  @Test
  void allRowsOfLargePartitionsAreScoredInTheirOrder() throws IOException {
    Dataset<Row> rows = spark.range(0, 3000, 1, 2).selectExpr("id", "array(id, 0.5) AS features");
    List<Row> scored =
        transformer(TableFile.writeNumbers(folder, Activation.IDENTITY, 1, 2))
            .transform(rows)
            .select("id", "prediction")
            .collectAsList();
    assertThat(scored)
        .extracting(row -> List.of(row.getLong(0), row.getDouble(1)))
        .isEqualTo(IntStream.range(0, 3000).mapToObj(i -> List.of((long) i, i + 1.0)).toList());
  }

  @Test
  void aFileIsOpenedOnceInAJvm() throws IOException {
    String file = TableFile.write(folder, Activation.SOFTMAX);
    assertThat(ScoringFile.of(file, spark).predictor())
        .isSameAs(ScoringFile.of(file, spark).predictor())
        .isSameAs(ScoringFile.open(file, spark))
        .isNotSameAs(
            ScoringFile.open(TableFile.writeNumbers(folder, Activation.TANH, 1, 2), spark));
  }

  @Test
  void whatCannotBeIsSaidBeforeAnyTaskRuns() throws IOException {
    String table = TableFile.write(folder, Activation.SOFTMAX);
    String numbers = TableFile.writeNumbers(folder, Activation.IDENTITY, 1, 10);

    assertRefused(
        new PareTransformer(), people(), "file is not set: must be the path of a .pare file");
    assertRefused(
        transformer(table), people().drop("age"), "there is no column age, only id, town, height");
    assertRefused(
        transformer(table).setFeaturesCol("age"),
        people(),
        "column age is of type double: must be a vector or an array of numbers");
    assertRefused(
        transformer(table).setFeaturesCol("v"),
        people().selectExpr("array(age) AS v"),
        "column v: the file prepares texts (town), which no vector has: name a column for each");
    assertRefused(
        transformer(table).setInputCols(new String[] {"age"}),
        people(),
        "1 columns: the file reads 3");
    assertRefused(
        transformer(table).setInputCols(new String[] {"age"}).setFeaturesCol("v"),
        people(),
        "featuresCol and inputCols are set: only one can be");
    assertRefused(
        transformer(table),
        people().selectExpr("town", "age", "array(height) AS height"),
        "column height is of type array<float>: must be numbers, texts or booleans");
    assertRefused(
        transformer(table).setPredictionCol("id"),
        people(),
        "predictionCol: there is a column id already");
    assertRefused(
        transformer(numbers).setClassCol("class"),
        people().selectExpr("array(age, height) AS features"),
        "classCol = class: the network of " + numbers + " does not classify");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> transformer(folder + "/none.pare").transform(people()))
        .withMessageContaining("none.pare: no such file");
    Path damaged = Files.write(folder.resolve("damaged.pare"), new byte[50]);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> transformer(damaged.toString()).transform(people()))
        .withMessageContaining("damaged.pare: ");
  }

  private static void assertRefused(PareTransformer by, Dataset<Row> rows, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> by.transform(rows)).withMessage(message);
  }

  @Test
  void aRowThatCannotBeUsedNamesItsColumn() throws IOException {
    Dataset<Row> rows = people().selectExpr("'Oslo' AS town", "age", "string(height) AS height");
    assertThatThrownBy(
            () ->
                transformer(TableFile.write(folder, Activation.SOFTMAX))
                    .transform(rows)
                    .collectAsList())
        .hasStackTraceContaining("column town: \"Oslo\" is no category of the training data");
    assertThatThrownBy(
            () ->
                transformer(TableFile.write(folder, Activation.SOFTMAX))
                    .transform(people().selectExpr("town", "age", "float(null) AS height"))
                    .collectAsList())
        .hasStackTraceContaining("column height: the value is missing");
  }

  @Test
  void pipelinesAreSavedAndLoaded() throws IOException {
    String file = TableFile.write(folder, Activation.SOFTMAX);
    PareTransformer transformer = transformer(file).setProbabilityCol("p");
    String saved = folder.resolve("saved").toString();
    PipelineModel pipeline =
        new Pipeline().setStages(new PipelineStage[] {transformer}).fit(people());
    pipeline.save(saved);

    Dataset<Row> scored = PipelineModel.load(saved).transform(people());

    assertThat(scored.collectAsList()).isEqualTo(transformer.transform(people()).collectAsList());
    assertThat(scored.columns()).contains("p").doesNotContain("probability");
    assertThat(
            new MulticlassClassificationEvaluator()
                .setMetricName("accuracy")
                .evaluate(scored.selectExpr("double(id = 2) AS label", "prediction")))
        .isEqualTo(1);
    String one = folder.resolve("one").toString();
    transformer.save(one);
    assertThat(PareTransformer.load(one).transform(people()).columns()).isEqualTo(scored.columns());
  }

  @Test
  void sqlCallsAFile() throws IOException {
    PareFunctions.register(spark, "answer", TableFile.write(folder, Activation.SOFTMAX));
    PareFunctions.register(
        spark, "amount", TableFile.writeNumbers(folder, Activation.IDENTITY, 1, 10));
    PareFunctions.register(
        spark, "amounts", TableFile.writeNumbers(folder, Activation.IDENTITY, 1, 10, 2, 0));
    people().createOrReplaceTempView("people");

    assertThat(
            spark
                .sql("SELECT answer(struct(*)) AS a FROM people")
                .selectExpr("a.*")
                .collectAsList())
        .extracting(row -> row.getInt(0), row -> row.getString(1), row -> row.getList(2).size())
        .containsExactly(tuple(0, "no", 2), tuple(1, "yes", 2), tuple(0, "no", 2));
    assertThat(spark.sql("SELECT amount(array(1, 2))").head().getFloat(0)).isEqualTo(21);
    assertThat(spark.sql("SELECT amounts(array(1.0, 2.0))").head().getList(0))
        .isEqualTo(List.of(21f, 2f));
    vectors(SQLDataTypes.VectorType(), Vectors.dense(1, 2)).createOrReplaceTempView("vectors");
    assertThat(spark.sql("SELECT amount(features) FROM vectors").head().getFloat(0)).isEqualTo(21);
    assertThatThrownBy(() -> spark.sql("SELECT amount(struct(*)) FROM people").collectAsList())
        .hasStackTraceContaining("the file has no names of columns: must be a vector or an array");
  }
}
