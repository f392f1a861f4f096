package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All functions of exported C at once. */
class LibraryTest {
  private static final Set<String> DECODERS = Set.of("coded.c", "light.c");

  @TempDir private Path folder;

  private static List<String> functions() throws IOException, URISyntaxException {
    Path one = Path.of(Objects.requireNonNull(Library.class.getResource("fill.c")).toURI());
    try (Stream<Path> files = Files.list(one.getParent())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".c") && !DECODERS.contains(name))
          .map(name -> name.substring(0, name.length() - 2))
          .sorted()
          .toList();
    }
  }

  /** With all that not every program needs, and without. */
  @ParameterizedTest
  @CsvSource({"gcc,", "gcc, coded", "gcc, light", "clang,", "clang, coded", "clang, light"})
  void compilesWithoutWarnings(String compiler, @Nullable String decoder) throws Exception {
    assumeTrue(Compiler.exists(compiler), "there is no " + compiler + " to compile C with");
    Library library = new Library();
    assertThat(functions()).hasSizeGreaterThan(50);
    functions().stream()
        .filter(function -> decoder != null || !readsWholeWeights(function))
        .forEach(library::use);
    if (decoder != null) {
      List.of("LEVELS", "SCALES", "WORDS", "CODED", "POOLED").forEach(library::define);
      library.useFirst("maximum_pool_levels");
      List.of("STATES", "SETS", "LINE", "PLACES").forEach(size -> library.define(size, 5000));
      library.useFirst(decoder);
    }
    Files.writeString(folder.resolve("library.c"), "#include <stdint.h>\n" + library.text());
    List<String> command = new ArrayList<>(List.of(compiler));
    command.addAll(Compiler.STRICT);
    command.addAll(List.of("-O2", "-Wno-unused-function", "-c", "library.c"));
    Compiler.run(folder, new byte[0], command);
  }

  /** Which no program does that has none. */
  private static boolean readsWholeWeights(String function) {
    Library alone = new Library();
    alone.use(function);
    return alone.functions().contains("whole_weights");
  }
}
