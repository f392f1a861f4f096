package dev.pare.score;

import static java.util.Objects.requireNonNull;

import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Adds to each row of a partition what a file's network makes of it, some hundred at once. */
final class ScorePartition implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1;
  private static final int AT_ONCE = 256;

  private final ScoringFile file;
  private final RowInput input;

  /** In the order of the columns that they become, after those that there are. */
  private final ArrayList<RowOutput> outputs;

  ScorePartition(ScoringFile file, RowInput input, List<RowOutput> outputs) {
    this.file = requireNonNull(file, "file is null");
    this.input = requireNonNull(input, "input is null");
    this.outputs = new ArrayList<>(outputs);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Predictor predictor = file.predictor();
    return new Iterator<>() {
      private Iterator<Row> scored = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        return scored.hasNext() || rows.hasNext();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (!scored.hasNext()) {
          scored = score(predictor, rows);
        }
        return scored.next();
      }
    };
  }

  private Iterator<Row> score(Predictor predictor, Iterator<Row> rows) {
    List<Row> batch = new ArrayList<>();
    while (batch.size() < AT_ONCE && rows.hasNext()) {
      batch.add(rows.next());
    }
    List<Prediction> predictions = input.predictions(predictor, batch);
    List<Row> scored = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      scored.add(with(batch.get(i), predictions.get(i)));
    }
    return scored.iterator();
  }

  private Row with(Row row, Prediction prediction) {
    Object[] values = new Object[row.size() + outputs.size()];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    for (int i = 0; i < outputs.size(); i++) {
      values[row.size() + i] = outputs.get(i).of(prediction);
    }
    return RowFactory.create(values);
  }
}
