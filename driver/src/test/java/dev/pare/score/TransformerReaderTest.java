package dev.pare.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.LocalSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformerReaderTest {
  private static SparkSession spark;

  @TempDir private static Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.open(1);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** Says so when it is loaded, and when one is made. */
  public static final class Marker {
    static final String PROPERTY = "pare.test.marker";

    static {
      System.setProperty(PROPERTY, "loaded");
    }

    public Marker(String uid) {
      System.setProperty(PROPERTY, uid);
    }
  }

  /** A folder as Spark lays one out, with this line in it. */
  private static String saved(String name, String line) throws IOException {
    Path metadata = Files.createDirectories(folder.resolve(name).resolve("metadata"));
    Files.writeString(metadata.resolve("part-00000"), line + "\n");
    Files.writeString(metadata.resolve("_SUCCESS"), "");
    return folder.resolve(name).toString();
  }

  @Test
  void noClassThatAFileNamesIsLoaded() throws IOException {
    System.clearProperty(Marker.PROPERTY);
    String path =
        saved(
            "marker",
            """
            {"class":"%s","timestamp":1,"sparkVersion":"3.5.5","uid":"made",\
            "paramMap":{},"defaultParamMap":{}}"""
                .formatted(Marker.class.getName()));

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> PareTransformer.load(path))
        .withMessageEndingWith(
            "marker/metadata/part-00000: class = dev.pare.score.TransformerReaderTest$Marker:"
                + " must be dev.pare.score.PareTransformer");
    assertThat(System.getProperty(Marker.PROPERTY)).isNull();
  }

  @Test
  void whatIsNoSavedTransformerIsRefusedByWhereItIs() throws IOException {
    String begin =
        "{\"class\":\"dev.pare.score.PareTransformer\",\"uid\":\"u\",\"defaultParamMap\":{},";
    Map<String, String> problems =
        Map.of(
            "{",
            "is no JSON",
            "[]",
            "class: must be a text",
            begin.replace("\"u\"", "1") + "\"paramMap\":{}}",
            "uid: must be a text",
            begin.replace(",\"uid\"", ",\"id\"") + "\"paramMap\":{}}",
            "uid: must be a text",
            begin + "\"paramMap\":[]}",
            "paramMap: must be an object",
            begin + "\"paramMap\":{\"depth\":\"1\"}}",
            "paramMap.depth: a PareTransformer has no such parameter",
            begin + "\"paramMap\":{\"file\":{\"class\":\"matrix\"}}}",
            "paramMap.file: must be a text",
            begin + "\"paramMap\":{\"inputCols\":[\"a\",1]}}",
            "paramMap.inputCols: must be a list of texts");
    int i = 0;
    for (Map.Entry<String, String> problem : problems.entrySet()) {
      String path = saved("wrong" + i++, problem.getKey());
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> PareTransformer.load(path))
          .withMessageContaining("/metadata/part-00000: ")
          .withMessageEndingWith(problem.getValue());
    }
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> PareTransformer.load(folder.resolve("missing").toString()))
        .withMessageEndingWith("missing/metadata: no such file");
  }

  @Test
  void whatIsSavedIsLoadedWithAllOfItsParameters() throws IOException {
    PareTransformer transformer =
        new PareTransformer()
            .setFile("a \"b\".pare")
            .setInputCols(new String[] {"x", "y, z"})
            .setClassCol("answer")
            .setPredictionCol("");
    String path = folder.resolve("all").toString();
    transformer.save(path);

    PareTransformer loaded = PareTransformer.load(path);

    assertThat(loaded.uid()).isEqualTo(transformer.uid());
    assertThat(loaded.extractParamMap().toSeq().size())
        .isEqualTo(transformer.extractParamMap().toSeq().size());
    assertThat(loaded.getOrDefault(loaded.file())).isEqualTo("a \"b\".pare");
    assertThat(loaded.getOrDefault(loaded.inputCols())).containsExactly("x", "y, z");
    assertThat(loaded.getOrDefault(loaded.classCol())).isEqualTo("answer");
    assertThat(loaded.getOrDefault(loaded.predictionCol())).isEmpty();
    assertThat(loaded.isSet(loaded.probabilityCol())).isFalse();
    assertThat(loaded.getOrDefault(loaded.probabilityCol())).isEqualTo("probability");
    // Defaults of the version that saved it stay.
    String other = saved("defaults", Files.readString(metadata(path)).replace("raw", "bare"));
    assertThatThrownBy(() -> PareTransformer.load(other)).hasMessageContaining("barePrediction");
    String earlier =
        saved("earlier", Files.readString(metadata(path)).replace(":\"rawPrediction", ":\"logits"));
    assertThat(PareTransformer.load(earlier).getOrDefault(loaded.rawPredictionCol()))
        .isEqualTo("logits");
  }

  /** Spark 4 adds more to its name. */
  private static Path metadata(String saved) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(saved, "metadata"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("part-00000"))
          .findFirst()
          .orElseThrow();
    }
  }
}
