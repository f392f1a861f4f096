package dev.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.csource.CExport;
import dev.pare.csource.CForm;
import dev.pare.csource.CSource;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.predict.Predictor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's commands and programs that use C, run as they stand there. */
class UsesTest {
  @TempDir private Path folder;

  private float[] expected = {};

  /** What {@code pare export --c network --prefix network} writes. */
  @BeforeEach
  void export() throws IOException, InterruptedException {
    assumeTrue(succeeds("gcc --version"), "there is no gcc to compile C with");
    Architecture architecture =
        new Architecture(
            new InputShape(5, 1, 1, 1),
            List.of(new Dense(4, Activation.TANH), new Dense(3, Activation.SOFTMAX)));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    new ArtifactWriter().write(CompressedNetwork.of(Initialization.random(architecture, 1)), file);
    CompressedNetwork network = new ArtifactReader().read(file.toByteArray());
    CSource source = CExport.of(network, CForm.PACKED, "network", Map.of());
    Files.createDirectory(folder.resolve("network"));
    Files.writeString(folder.resolve("network/network.h"), source.header());
    Files.writeString(folder.resolve("network/network.c"), source.source());
    expected = Predictor.open(file.toByteArray()).predict(new float[5]).outputs();
  }

  @Test
  void theProgramInC() throws IOException, InterruptedException {
    String printed = run("C, for rows of numbers");

    assertThat(printed.strip().lines().mapToDouble(Double::parseDouble).toArray())
        .hasSize(3)
        .satisfies(this::isExpected);
  }

  @Test
  void theProgramInPython() throws IOException, InterruptedException {
    assumeTrue(succeeds("python3 -c 'import numpy'"), "there is no python3 with numpy");
    String[] words = run("Python, by C").replaceAll("[\\[\\]]", " ").strip().split("\\s+");

    assertThat(words).hasSize(4);
    isExpected(Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray());
  }

  private void isExpected(double[] outputs) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(outputs[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  /** Writes a runtime's program and runs its commands but the export; what they print. */
  private String run(String title) throws IOException, InterruptedException {
    String page;
    try (InputStream in = UsesTest.class.getResourceAsStream("uses.js")) {
      page = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    String uses = page.substring(page.indexOf("title: '" + title + "'"));
    String commands = between(uses, "exportToC(file), ", "],");
    String text = between(uses, "program: `", "`,");
    Files.writeString(folder.resolve(between(uses, "name: '", "'")), text.replace("\\\\", "\\"));
    for (String command : commands.split("', '")) {
      String line = command.replace("'", "");
      assertThat(succeeds("(" + line + ") > printed 2>&1"))
          .as("%s: %s", line, Files.readString(folder.resolve("printed")))
          .isTrue();
    }
    return Files.readString(folder.resolve("printed"));
  }

  private static String between(String text, String before, String behind) {
    int from = text.indexOf(before) + before.length();
    return text.substring(from, text.indexOf(behind, from));
  }

  private boolean succeeds(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
