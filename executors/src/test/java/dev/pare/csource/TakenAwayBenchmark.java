package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.export.OnnxExport;
import dev.pare.export.WeightForm;
import dev.pare.predict.LeastTimes;
import dev.pare.predict.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the files of a frontier of digits become where they are taken, as a table in Markdown: bytes
 * as a file and as the smallest ONNX model; in C on a Cortex-M3 bytes of flash and RAM, and
 * millions of instructions for the first of MNIST's test images; microseconds of one prediction
 * from random pixels by Predictor and by ONNX Runtime with all floats, on one thread, the least of
 * seven medians each of a fraction of a second. {@code mvn -q -pl executors -am test
 * -Dsurefire.failIfNoSpecifiedTests=false -Dtest=TakenAwayBenchmark
 * -Dfolder=/tmp/pare/mnist-lenet-300-100}
 */
class TakenAwayBenchmark {
  private static final int ROUNDS = Integer.getInteger("rounds", 40_000);

  @TempDir private Path folder;

  @Test
  void table() throws IOException, OrtException {
    Path results = Path.of(System.getProperty("folder"));
    List<String> lines = Files.readAllLines(results.resolve("frontier.csv"));
    List<String> titles = List.of(lines.get(0).split(","));
    int settings = titles.indexOf("bytes");
    System.out.println(
        "| "
            + String.join(", ", titles.subList(0, settings))
            + " | test error | file | ONNX | packed: flash | RAM | instructions | coded: flash | RAM"
            + " | instructions | light: flash | RAM | instructions | Predictor | ONNX Runtime |");
    System.out.println("| --- |" + " ---: |".repeat(14));
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = List.of(line.split(","));
      byte[] file = Files.readAllBytes(results.resolve(cells.get(titles.indexOf("file"))));
      List<String> row = new ArrayList<>();
      row.add(String.join(", ", cells.subList(0, settings)));
      row.add(text("%.2f%%", 100 * Double.parseDouble(cells.get(titles.indexOf("test_score")))));
      row.add(text("%,d", file.length));
      row.addAll(row(file));
      System.out.println("| " + String.join(" | ", row) + " |");
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private List<String> row(byte[] file) throws IOException, OrtException {
    CompressedNetwork network = new ArtifactReader().read(file);
    List<String> row = new ArrayList<>();
    row.add(
        text(
            "%,d",
            Arrays.stream(WeightForm.values())
                .mapToInt(form -> OnnxExport.of(network, form, Map.of()).bytes().length)
                .min()
                .orElseThrow()));
    float[] image = CortexTest.images(1)[0];
    float[] expected = Predictor.open(file).predict(image).outputs();
    for (CForm form : CForm.values()) {
      CSource source = CExport.of(network, form, "network", Map.of());
      Board.Sizes sizes = Board.CORTEX_M3.sizes(folder, source);
      Board.Run run = Board.CORTEX_M3.run(folder, source, image);
      assertThat(run.outputs()).containsExactly(expected, within(1e-5f));
      row.add(text("%,d", sizes.flash()));
      row.add(text("%,d", sizes.ram()));
      row.add(text("%.1f", run.instructions() / 1e6));
    }
    LeastTimes times = LeastTimes.of(network, file, List.of(image), ROUNDS);
    row.add(text("%.1f", times.own()));
    row.add(text("%.1f", times.other()));
    return row;
  }
}
