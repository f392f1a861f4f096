package dev.pare.score;

import dev.pare.predict.Prediction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** What of a prediction becomes a column. */
enum RowOutput {
  /** The number of the class. */
  LABEL(DataTypes.DoubleType) {
    @Override
    Object of(Prediction prediction) {
      return (double) prediction.label();
    }
  },
  /** The name of the class. */
  CLASS(DataTypes.StringType) {
    @Override
    Object of(Prediction prediction) {
      return prediction.className();
    }
  },
  /** The only number. */
  VALUE(DataTypes.DoubleType) {
    @Override
    Object of(Prediction prediction) {
      return (double) prediction.outputs()[0];
    }
  },
  /** Probabilities, or numbers. */
  OUTPUTS(SQLDataTypes.VectorType()) {
    @Override
    Object of(Prediction prediction) {
      return vector(prediction.outputs());
    }
  },
  LOGITS(SQLDataTypes.VectorType()) {
    @Override
    Object of(Prediction prediction) {
      return vector(prediction.logits());
    }
  };

  private final DataType type;

  RowOutput(DataType type) {
    this.type = type;
  }

  /** The type of its column. */
  DataType type() {
    return type;
  }

  /** The value in its column. */
  abstract Object of(Prediction prediction);

  private static Vector vector(float[] numbers) {
    double[] values = new double[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers[i];
    }
    return Vectors.dense(values);
  }
}
