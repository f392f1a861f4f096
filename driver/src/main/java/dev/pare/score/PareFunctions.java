package dev.pare.score;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Activation;
import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Functions of SQL that apply .pare files. */
public final class PareFunctions {
  private static final StructType CLASSIFIED =
      new StructType()
          .add("label", DataTypes.IntegerType, false)
          .add("class", DataTypes.StringType, false)
          .add("probabilities", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private PareFunctions() {}

  /**
   * Registers a function, {@code SELECT digits(pixels).class FROM images}. It reads a vector or an
   * array of numbers, or a structure with the file's columns by their names, {@code
   * digits(struct(*))}. Of a network that classifies it gives a structure of {@code label}, a
   * number from 0, {@code class}, its name, and {@code probabilities}; of others a float, or an
   * array of several.
   *
   * @param name of the function
   * @param file a .pare file, on any file system that Hadoop reads
   * @throws java.io.UncheckedIOException if the file cannot be read, or is damaged
   */
  public static void register(SparkSession spark, String name, String file) {
    ScoringFile scoring = ScoringFile.of(file, spark);
    Predictor predictor = scoring.predictor();
    if (predictor.architecture().output() == Activation.SOFTMAX) {
      spark.udf().register(name, new Function(scoring, Kind.CLASSES), CLASSIFIED);
      return;
    }
    DataType number = DataTypes.FloatType;
    if (predictor.outputs() == 1) {
      spark.udf().register(name, new Function(scoring, Kind.NUMBER), number);
    } else {
      DataType numbers = DataTypes.createArrayType(number, false);
      spark.udf().register(name, new Function(scoring, Kind.NUMBERS), numbers);
    }
  }

  private enum Kind {
    CLASSES,
    NUMBER,
    NUMBERS
  }

  private static final class Function implements UDF1<Object, Object> {
    private static final long serialVersionUID = 1;

    private final ScoringFile file;
    private final Kind kind;
    // Of the rows before: all of a query have one schema.
    private transient volatile @Nullable Columns columns;

    private record Columns(StructType schema, RowInput input) {}

    Function(ScoringFile file, Kind kind) {
      this.file = requireNonNull(file, "file is null");
      this.kind = requireNonNull(kind, "kind is null");
    }

    @Override
    public Object call(@Nullable Object value) {
      Prediction prediction = prediction(file.predictor(), value);
      return switch (kind) {
        case CLASSES ->
            RowFactory.create(prediction.label(), prediction.className(), prediction.outputs());
        case NUMBER -> prediction.outputs()[0];
        case NUMBERS -> prediction.outputs();
      };
    }

    private Prediction prediction(Predictor predictor, @Nullable Object value) {
      if (value instanceof Row row) {
        return input(predictor, row.schema()).predictions(predictor, List.of(row)).get(0);
      }
      return predictor.predict(RowInput.vector(value));
    }

    private RowInput input(Predictor predictor, StructType schema) {
      Columns last = columns;
      if (last == null || last.schema() != schema) {
        last = new Columns(schema, RowInput.byNames(predictor, schema));
        columns = last;
      }
      return last.input();
    }
  }
}
