package dev.pare.score;

import dev.pare.graph.Activation;
import dev.pare.predict.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Applies a .pare file to each row, in pipelines of spark.ml, too. Raw values go in, as {@link
 * Predictor} reads them: a vector or an array of numbers in {@code featuresCol}, or a column each.
 * Where neither {@code featuresCol} nor {@code inputCols} is set, and the file prepares columns,
 * those with its own names are read. Null stands for a missing value.
 *
 * <p>Columns that are added, where their name is not empty:
 *
 * <ul>
 *   <li>{@code predictionCol}, {@code prediction}: the number of the class from 0, as a double; of
 *       networks that do not classify the number they predict, or a vector of several;
 *   <li>{@code classCol}, not there unless it is named: the class's name, a text;
 *   <li>{@code probabilityCol}, {@code probability}: a vector of all classes' probabilities;
 *   <li>{@code rawPredictionCol}, {@code rawPrediction}: a vector of logits, the outputs before a
 *       softmax.
 * </ul>
 *
 * <p>{@code classCol} and {@code probabilityCol} are for networks that classify: others leave out
 * the default and refuse a name that was set.
 */
public final class PareTransformer extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;
  private static final String NONE = "";

  private final String uid;
  private final Param<String> file;
  private final Param<String> featuresCol;
  private final StringArrayParam inputCols;
  private final Param<String> predictionCol;
  private final Param<String> classCol;
  private final Param<String> probabilityCol;
  private final Param<String> rawPredictionCol;

  public PareTransformer() {
    this(Identifiable$.MODULE$.randomUID("pare"));
  }

  public PareTransformer(String uid) {
    this.uid = uid;
    file = new Param<>(this, "file", "the .pare file, on any file system that Hadoop reads");
    featuresCol = new Param<>(this, "featuresCol", "column of vectors, or of arrays of numbers");
    inputCols = new StringArrayParam(this, "inputCols", "a column for each raw value, in order");
    predictionCol = new Param<>(this, "predictionCol", "column for classes' numbers, or values");
    classCol = new Param<>(this, "classCol", "column for classes' names");
    probabilityCol = new Param<>(this, "probabilityCol", "column for vectors of probabilities");
    rawPredictionCol = new Param<>(this, "rawPredictionCol", "column for vectors of logits");
    setDefault(featuresCol, "features");
    setDefault(predictionCol, "prediction");
    setDefault(classCol, NONE);
    setDefault(probabilityCol, "probability");
    setDefault(rawPredictionCol, "rawPrediction");
  }

  /** Reads what {@code save} has written; the .pare file stays where it is. */
  public static MLReader<PareTransformer> read() {
    return new TransformerReader();
  }

  /**
   * Reads what {@code save} has written; the .pare file stays where it is.
   *
   * @throws java.io.UncheckedIOException naming the file, if it cannot be read, or is not of a
   *     PareTransformer
   */
  public static PareTransformer load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    return uid;
  }

  public Param<String> file() {
    return file;
  }

  public Param<String> featuresCol() {
    return featuresCol;
  }

  public StringArrayParam inputCols() {
    return inputCols;
  }

  public Param<String> predictionCol() {
    return predictionCol;
  }

  public Param<String> classCol() {
    return classCol;
  }

  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  public Param<String> rawPredictionCol() {
    return rawPredictionCol;
  }

  public PareTransformer setFile(String value) {
    return (PareTransformer) set(file, value);
  }

  public PareTransformer setFeaturesCol(String value) {
    return (PareTransformer) set(featuresCol, value);
  }

  public PareTransformer setInputCols(String[] value) {
    return (PareTransformer) set(inputCols, value);
  }

  public PareTransformer setPredictionCol(String value) {
    return (PareTransformer) set(predictionCol, value);
  }

  public PareTransformer setClassCol(String value) {
    return (PareTransformer) set(classCol, value);
  }

  public PareTransformer setProbabilityCol(String value) {
    return (PareTransformer) set(probabilityCol, value);
  }

  public PareTransformer setRawPredictionCol(String value) {
    return (PareTransformer) set(rawPredictionCol, value);
  }

  @Override
  public PareTransformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /**
   * {@inheritDoc}
   *
   * @throws java.io.UncheckedIOException if the file cannot be read, or is damaged
   * @throws IllegalArgumentException if the file is not set, or columns are not there, of another
   *     type, or there already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return schema(ScoringFile.open(path(), SparkSession.active()), schema);
  }

  private StructType schema(Predictor predictor, StructType schema) {
    input(predictor, schema);
    StructType result = schema;
    for (OutputColumn column : outputs(predictor)) {
      if (Arrays.asList(result.fieldNames()).contains(column.name())) {
        throw new IllegalArgumentException(
            column.param() + ": there is a column " + column.name() + " already");
      }
      result = result.add(column.name(), column.output().type(), false);
    }
    return result;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    ScoringFile scoring = ScoringFile.of(path(), dataset.sparkSession());
    Predictor predictor = scoring.predictor();
    StructType schema = schema(predictor, dataset.schema());
    return dataset
        .toDF()
        .mapPartitions(
            new ScorePartition(
                scoring,
                input(predictor, dataset.schema()),
                outputs(predictor).stream().map(OutputColumn::output).toList()),
            Encoders.row(schema));
  }

  <T> void useDefault(Param<T> param, T value) {
    setDefault(param, value);
  }

  private String path() {
    if (!isSet(file)) {
      throw new IllegalArgumentException("file is not set: must be the path of a .pare file");
    }
    return $(file);
  }

  private RowInput input(Predictor predictor, StructType schema) {
    if (isSet(inputCols) && isSet(featuresCol)) {
      throw new IllegalArgumentException("featuresCol and inputCols are set: only one can be");
    }
    if (isSet(inputCols)) {
      return RowInput.columns(predictor, schema, List.of($(inputCols)));
    }
    boolean hasNames = !predictor.preparation().columns().isEmpty();
    return hasNames && !isSet(featuresCol)
        ? RowInput.byNames(predictor, schema)
        : RowInput.vector(predictor, schema, $(featuresCol));
  }

  private List<OutputColumn> outputs(Predictor predictor) {
    boolean isClassifier = predictor.architecture().output() == Activation.SOFTMAX;
    List<OutputColumn> columns = new ArrayList<>();
    if (isClassifier) {
      columns.add(column(predictionCol, RowOutput.LABEL));
      columns.add(column(classCol, RowOutput.CLASS));
      columns.add(column(probabilityCol, RowOutput.OUTPUTS));
    } else {
      refuse(classCol);
      refuse(probabilityCol);
      columns.add(
          column(predictionCol, predictor.outputs() == 1 ? RowOutput.VALUE : RowOutput.OUTPUTS));
    }
    columns.add(column(rawPredictionCol, RowOutput.LOGITS));
    columns.removeIf(column -> column.name().equals(NONE));
    return columns;
  }

  private void refuse(Param<String> param) {
    if (isSet(param) && !$(param).equals(NONE)) {
      throw new IllegalArgumentException(
          "%s = %s: the network of %s does not classify"
              .formatted(param.name(), $(param), $(file)));
    }
  }

  private OutputColumn column(Param<String> param, RowOutput output) {
    return new OutputColumn(param.name(), $(param), output);
  }

  /** A column that is added, by the name of the parameter that names it. */
  private record OutputColumn(String param, String name, RowOutput output) {}
}
