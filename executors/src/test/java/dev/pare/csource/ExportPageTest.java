package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.ArtifactReader;
import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/export.md that use C, as they stand there. */
class ExportPageTest {
  @TempDir private Path folder;

  @BeforeEach
  void export() throws IOException {
    assumeTrue(Compiler.exists("gcc"), "there is no gcc to compile C with");
    CSource source =
        CExport.of(
            new ArtifactReader().read(CortexTest.digits()), CForm.PACKED, "digits", Map.of());
    Compiler.write(source, Files.createDirectory(folder.resolve("digits")));
  }

  /** From a line of the page to the last of its block. */
  private static String program(String first, String last) throws IOException {
    String page =
        Files.readString(Path.of(System.getProperty("pare.root")).resolve("docs/export.md"));
    int from = page.indexOf("    " + first);
    int to = page.indexOf("    " + last, from) + 4 + last.length();
    return page.substring(from, to).stripIndent() + "\n";
  }

  @Test
  void theProgramInC() throws IOException {
    Files.writeString(
        folder.resolve("main.c"), program("#include <stdio.h>", "  return 0;\n    }"));
    List<String> command = new ArrayList<>(List.of("gcc"));
    command.addAll(Compiler.STRICT);
    command.addAll(List.of("-O2", "-Idigits", "-o", "read-digit", "main.c", "digits/digits.c"));
    Compiler.run(folder, new byte[0], command);
    float[] image = CortexTest.images(1)[0];
    byte[] pixels = new byte[image.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) image[i];
    }

    byte[] printed = Compiler.run(folder, pixels, List.of(folder.resolve("read-digit").toString()));

    Prediction expected = Predictor.open(CortexTest.digits()).predict(image);
    assertThat(new String(printed, StandardCharsets.UTF_8))
        .isEqualTo(
            String.format(
                Locale.ROOT, "%d %.3f%n", expected.label(), expected.outputs()[expected.label()]));
  }

  @Test
  void theProgramInPython() throws IOException {
    assumeTrue(hasNumpy(), "there is no python3 with numpy");
    Compiler.run(
        folder,
        new byte[0],
        List.of(
            "gcc",
            "-O2",
            "-Wall",
            "-Werror",
            "-shared",
            "-fPIC",
            "-o",
            "libdigits.so",
            "digits/digits.c"));
    String last = "print(library.digits_predict(image, probabilities), probabilities.max())";
    Path program = Files.writeString(folder.resolve("read.py"), program("import ctypes", last));

    byte[] printed = Compiler.run(folder, new byte[0], List.of("python3", program.toString()));

    Prediction expected = Predictor.open(CortexTest.digits()).predict(new float[28 * 28]);
    String[] words = new String(printed, StandardCharsets.UTF_8).strip().split(" ");
    assertThat(words[0]).isEqualTo(Integer.toString(expected.label()));
    assertThat(Float.parseFloat(words[1]))
        .isCloseTo(expected.outputs()[expected.label()], within(1e-5f));
  }

  private static boolean hasNumpy() throws IOException {
    try {
      return new ProcessBuilder("sh", "-c", "python3 -c 'import numpy' 2> /dev/null")
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
