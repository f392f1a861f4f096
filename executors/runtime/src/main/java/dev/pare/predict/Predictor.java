package dev.pare.predict;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.DeltaReader;
import dev.pare.artifact.MalformedArtifactException;
import dev.pare.artifact.OpenArtifact;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.kernel.ForwardPass;
import dev.pare.prepare.Preparation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs the network of a .pare file.
 *
 * <pre>{@code
 * Predictor predictor = Predictor.open(Path.of("digits.pare"));
 * Prediction prediction = predictor.predict(pixels);
 * System.out.println(prediction.className());
 * }</pre>
 *
 * <p>Raw values go in, as they were in the data that the network was trained on: what prepares them
 * is in the file. A file is read and its code decoded when it is opened; its weights stay sparse,
 * and codes of a byte, so that they take a few times the memory of the file. A prediction takes the
 * calling thread. Immutable; any number of threads may use one predictor.
 */
public final class Predictor {
  private final Architecture architecture;
  private final Preparation preparation;
  private final ForwardPass pass;

  private Predictor(OpenArtifact file) {
    architecture = file.architecture();
    preparation = file.preparation();
    try {
      pass = new ForwardPass(architecture, file::tensor);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedLayerException(e);
    }
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be read
   * @throws MalformedArtifactException if it is damaged, or no .pare file of a known version
   * @throws UnsupportedLayerException if it has a layer that only DL4J runs
   */
  public static Predictor open(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return open(in);
    }
  }

  /**
   * Opens a file.
   *
   * @param in nothing but the file; read to its end, not closed
   * @throws IOException if it cannot be read
   * @throws MalformedArtifactException if it is damaged, or no .pare file of a known version
   * @throws UnsupportedLayerException if it has a layer that only DL4J runs
   */
  public static Predictor open(InputStream in) throws IOException {
    return new Predictor(new ArtifactReader().open(in));
  }

  /**
   * Opens a file.
   *
   * @param file all of it; not kept
   * @throws MalformedArtifactException if it is damaged, or no .pare file of a known version
   * @throws UnsupportedLayerException if it has a layer that only DL4J runs
   */
  public static Predictor open(byte[] file) {
    return open(file, new ArtifactReader());
  }

  /**
   * Opens the file that a delta makes of another, which the device has.
   *
   * @param old the file against which the delta was made
   * @throws IOException if one of them cannot be read
   * @throws MalformedArtifactException if one of them is damaged, or of no known version, or the
   *     delta is against another file
   * @throws UnsupportedLayerException if it has a layer that only DL4J runs
   */
  public static Predictor open(Path old, Path delta) throws IOException {
    try (InputStream in = Files.newInputStream(old);
        InputStream change = Files.newInputStream(delta)) {
      return open(new DeltaReader().apply(in, change));
    }
  }

  /**
   * Opens the file that a delta makes of another.
   *
   * @param old the file against which the delta was made, all of it; not kept
   * @param delta all of it; not kept
   * @throws MalformedArtifactException if one of them is damaged, or of no known version, or the
   *     delta is against another file
   * @throws UnsupportedLayerException if it has a layer that only DL4J runs
   */
  public static Predictor open(byte[] old, byte[] delta) {
    return open(new DeltaReader().apply(old, delta));
  }

  /** With a reader's limit. */
  static Predictor open(byte[] file, ArtifactReader reader) {
    return new Predictor(reader.open(file));
  }

  /** The network that it runs. */
  public Architecture architecture() {
    return architecture;
  }

  /** The columns of raw rows, if the file prepares any, and the names of classes. */
  public Preparation preparation() {
    return preparation;
  }

  /** How many numbers {@link #predict(float[])} reads. */
  public int inputs() {
    return preparation.columns().isEmpty()
        ? architecture.input().size()
        : preparation.columns().size();
  }

  /** How many outputs a prediction has. */
  public int outputs() {
    return architecture.outputs();
  }

  /**
   * Predicts from numbers.
   *
   * @param row a number for each column, NaN being a missing one; where the file prepares no
   *     columns, each feature: pixels or other numbers, {@code [channel][y][x]}
   * @throws InvalidInputException if they are too many or too few, one is not finite, missing where
   *     nothing stands for it, or the file has categories
   */
  public Prediction predict(float[] row) {
    return prediction(row, this::features);
  }

  /**
   * Predicts from texts, as a table has them.
   *
   * @param row one for each column, in the order of the file's columns
   * @throws InvalidInputException if they are too many or too few, or one cannot be used
   */
  public Prediction predict(List<String> row) {
    return prediction(row, this::features);
  }

  /**
   * Predicts from texts by the names of their columns; others are passed over.
   *
   * @throws InvalidInputException if one is not there, or cannot be used
   */
  public Prediction predict(Map<String, String> row) {
    return prediction(row, preparation::features);
  }

  /**
   * Predicts from several rows of numbers: to the bit what {@link #predict(float[])} makes of each
   * where weights are finite, but sooner, because each weight is decoded once for many of them.
   *
   * @throws InvalidInputException as that
   */
  public List<Prediction> predictAll(List<float[]> rows) {
    return predictions(rows, this::features);
  }

  /**
   * Predicts from several rows of texts, as {@link #predict(List)} does from one.
   *
   * @throws InvalidInputException as that
   */
  public List<Prediction> predictAllTexts(List<List<String>> rows) {
    return predictions(rows, this::features);
  }

  private float[] features(float[] row) {
    if (!preparation.columns().isEmpty()) {
      return preparation.features(row);
    }
    for (int i = 0; i < row.length; i++) {
      if (!Float.isFinite(row[i])) {
        throw new InvalidInputException("feature " + i + " = " + row[i] + ": must be finite");
      }
    }
    return row;
  }

  private float[] features(List<String> row) {
    if (!preparation.columns().isEmpty()) {
      return preparation.features(row);
    }
    float[] features = new float[row.size()];
    for (int i = 0; i < features.length; i++) {
      features[i] = Preparation.finite(row.get(i).strip());
      if (Float.isNaN(features[i])) {
        throw new InvalidInputException(
            "feature " + i + ": \"" + row.get(i) + "\" is not a finite number");
      }
    }
    return features;
  }

  private <R> Prediction prediction(R row, Function<R, float[]> features) {
    return predictions(List.of(requireNonNull(row, "row is null")), features).get(0);
  }

  private <R> List<Prediction> predictions(List<R> rows, Function<R, float[]> features) {
    try {
      return pass.logits(rows.stream().map(features).toList()).stream()
          .map(this::prediction)
          .toList();
    } catch (InvalidInputException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(e);
    }
  }

  private Prediction prediction(float[] logits) {
    int label = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[label]) {
        label = i;
      }
    }
    return new Prediction(
        label, preparation.className(label), logits, architecture.output() == Activation.SOFTMAX);
  }
}
