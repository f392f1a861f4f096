package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.graph.Architecture;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** What the runtime needs of Java, and of room. */
class RuntimeModuleTest {
  @Test
  void needsJavaBaseAlone() throws Exception {
    Path classes =
        Path.of(Architecture.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);

    int exit =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                writer,
                writer,
                // Of annotations, which are not there when it runs.
                "--ignore-missing-deps",
                "--print-module-deps",
                classes.toString());

    assertThat(out.toString().strip()).isEqualTo("java.base");
    assertThat(exit).isZero();
  }

  @Test
  void isSmall() throws Exception {
    Path classes =
        Path.of(Architecture.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.walk(classes);
        ZipOutputStream out = new ZipOutputStream(jar)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    assertThat(jar.size()).isLessThan(410_000);
  }
}
