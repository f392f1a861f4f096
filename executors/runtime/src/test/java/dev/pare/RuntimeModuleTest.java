package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.graph.Architecture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** What the runtime needs of Java. */
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
}
