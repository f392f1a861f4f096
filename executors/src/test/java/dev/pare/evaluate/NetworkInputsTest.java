package dev.pare.evaluate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.Task;
import dev.pare.data.CsvLayout;
import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.DataSettings;
import dev.pare.data.Shares;
import dev.pare.data.TableSettings;
import dev.pare.data.TestData;
import dev.pare.data.TrainingData;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.InputShape;
import dev.pare.graph.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkInputsTest {
  private static final Configuration HADOOP = new Configuration();
  private static final Architecture TOKENS =
      new Architecture(
          new InputShape(3, 1, 1, 1),
          List.of(new Embedding(10, 2), new Dense(2, Activation.SOFTMAX)));

  @TempDir private Path folder;

  /** Forty lines of tokens from 0 to 9, the one at {@code changed} replaced. */
  private String file(String name, int changed, String line) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.add(i == changed ? line : "%d,%d,9,%d".formatted(i % 10, i % 7, i % 2));
    }
    return Files.write(folder.resolve(name), lines).toString();
  }

  private static DataSettings settings(String training, String test) {
    return new DataSettings(
        "csv",
        new DataSettings.Files(training, null),
        new DataSettings.Files(test, null),
        new CsvLayout(CsvLayout.Header.ABSENT, -1, ','),
        null,
        10,
        7,
        null);
  }

  @ParameterizedTest
  @CsvSource({"10", "-1", "1.5", "3e9"})
  void tokensThatANetworkDoesNotHaveAreNamedWithTheirExample(String token) throws IOException {
    float value = Float.parseFloat(token);
    String shown = value == (int) value ? "" + (int) value : "" + value;
    String problem = ", feature 2: " + shown + " is no token of the network, which reads whole";
    String good = file("good.csv", -1, "");
    // Validation examples are drawn: each of the first lines is for one or the other.
    for (int line = 0; line < 8; line++) {
      DataSettings settings = settings(file("bad.csv", line, "0," + token + ",1,1"), good);
      TrainingData data = DataLoader.loadTraining(settings, HADOOP);
      assertThatThrownBy(() -> NetworkInputs.check(TOKENS, data, settings))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("data.train.features = ")
          .hasMessageContaining("bad.csv: example " + (line + 1) + problem)
          .hasMessageEndingWith("numbers from 0 to 9 there");
    }
    DataSettings settings = settings(good, file("bad.csv", 12, "0," + token + ",1,1"));
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    TestData test = DataLoader.loadTest(settings, data.form(), HADOOP);
    assertThatCode(() -> NetworkInputs.check(TOKENS, data, settings)).doesNotThrowAnyException();
    assertThatThrownBy(() -> NetworkInputs.check(TOKENS, test, settings))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("data.test.features = ")
        .hasMessageContaining("bad.csv: example 13" + problem);
  }

  @Test
  void validationFilesOfTheirOwnAreNamed() throws IOException {
    String good = file("good.csv", -1, "");
    DataSettings settings =
        new DataSettings(
            "csv",
            new DataSettings.Files(good, null),
            new DataSettings.Files(file("own.csv", 4, "0,10,1,1"), null),
            null,
            new CsvLayout(CsvLayout.Header.ABSENT, -1, ','),
            null,
            0,
            7,
            null,
            TableSettings.NONE,
            new Shares(0, 0.25),
            DataSettings.ClassWeights.NONE,
            Task.CLASSIFICATION);
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);

    assertThatThrownBy(() -> NetworkInputs.check(TOKENS, data, settings))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("data.validation.features = ")
        .hasMessageContaining("own.csv: example 5, feature 2: 10 is no token");
  }

  @Test
  void whatNoEmbeddingReadsMayBeAnyNumber() throws IOException {
    Architecture some =
        new Architecture(
            new InputShape(3, 1, 1, 1),
            List.of(
                new Node(new ChannelSelection(List.of(2, 1)), List.of(Node.NETWORK_INPUT)),
                new Node(new ChannelSelection(List.of(1)), List.of(0)),
                new Node(new Embedding(10, 2), List.of(1)),
                new Node(new Dense(2, Activation.SOFTMAX), List.of(2))));
    DataSettings settings =
        settings(file("a.csv", 3, "-0.5,1,1e6,1"), file("b.csv", 3, "0,10,1,1"));
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    TestData test = DataLoader.loadTest(settings, data.form(), HADOOP);
    assertThatCode(() -> NetworkInputs.check(some, data, settings)).doesNotThrowAnyException();
    assertThatThrownBy(() -> NetworkInputs.check(some, test, settings))
        .hasMessageContaining("example 4, feature 2: 10 is no token");
    Architecture numbers =
        new Architecture(new InputShape(3, 1, 1, 1), List.of(new Dense(2, Activation.SOFTMAX)));
    assertThatCode(() -> NetworkInputs.check(numbers, data, settings)).doesNotThrowAnyException();
  }
}
