package dev.pare.score;

import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.FloatTensor;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of one layer, whose outputs can be worked out by hand. */
final class TableFile {
  private static final Preparation TABLE =
      new Preparation(
          List.of(
              new Column.Numeric("age", 30, 40, 10),
              new Column.Numeric("height", Float.NaN, 0, 1),
              new Column.Categorical("town", List.of("Bonn", "Rome"), Column.Others.REFUSED)),
          List.of("no", "yes"));

  private TableFile() {}

  /** Logits (age − 40) / 10 and height + 2 for Rome; the path. */
  static String write(Path folder, Activation activation) throws IOException {
    return write(folder, 4, activation, TABLE, 1, 0, 0, 0, 0, 1, 0, 2);
  }

  /** A weight for each of two numbers, of each output; the path. */
  static String writeNumbers(Path folder, Activation activation, float... weights)
      throws IOException {
    return write(folder, 2, activation, Preparation.NONE, weights);
  }

  /** The number 5 for rows of one category; the path. */
  static String writeCode(Path folder, String code) throws IOException {
    Preparation preparation =
        new Preparation(
            List.of(new Column.Categorical("code", List.of(code, "other"), Column.Others.REFUSED)),
            List.of());
    return write(folder, 2, Activation.IDENTITY, preparation, 5, 0);
  }

  private static String write(
      Path folder, int features, Activation activation, Preparation preparation, float... weights)
      throws IOException {
    int units = weights.length / features;
    CompressedNetwork network =
        new CompressedNetwork(
                new Architecture(
                    new InputShape(features, 1, 1, 1), List.of(new Dense(units, activation))),
                List.of(
                    new FloatTensor(units, features, weights),
                    new FloatTensor(1, units, new float[units])))
            .withPreparation(preparation);
    Path file = Files.createTempFile(folder, "file", ".pare");
    try (OutputStream out = Files.newOutputStream(file)) {
      new ArtifactWriter().write(network, out);
    }
    return file.toString();
  }
}
