package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.SampleNetworks;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Architecture;
import dev.pare.graph.OperatorSamples;
import dev.pare.kernel.IntegerNetworks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What exports are told to take, beside what arm-none-eabi-gcc and arm-none-eabi-size make of them.
 * {@code -Dtest=CodeSizesTest -Dsizes.write=true} measures the functions anew.
 */
class CodeSizesTest {
  private static final List<String> CORTEX_M3 =
      List.of("-std=c99", "-mcpu=cortex-m3", "-mthumb", "-Os", "-ffreestanding");

  /** What the compiler may call, and expects to be there. */
  private static final String MEMORY =
      """
      #include <stddef.h>

      void *memcpy(void *to, const void *from, size_t count) {
        char *t = to;
        const char *f = from;
        while (count-- > 0) {
          *t++ = *f++;
        }
        return to;
      }

      void *memset(void *to, int value, size_t count) {
        char *t = to;
        while (count-- > 0) {
          *t++ = (char)value;
        }
        return to;
      }
      """;

  private static final Pattern OWN = Pattern.compile("(?m)^static [^=;]*?(\\w+)\\(");
  private static final Pattern CONDITION = Pattern.compile("#ifdef (\\w+)");
  private static final Pattern SYMBOL = Pattern.compile("\\w+ (\\w+) [tT] (\\w+)\\S*");

  @TempDir private Path folder;

  @BeforeEach
  void hasTools() {
    for (String tool : List.of("arm-none-eabi-gcc", "arm-none-eabi-size", "arm-none-eabi-nm")) {
      assumeTrue(Compiler.exists(tool), "there is no " + tool + " to compile for a Cortex-M with");
    }
  }

  @Test
  void flashIsAtMostAFifthMoreThanTheCompilersAndVariablesAreThoseThatItHas() throws IOException {
    SplittableRandom random = RandomSeed.random("CodeSizesTest");
    List<CompressedNetwork> networks = new ArrayList<>();
    networks.add(new ArtifactReader().read(CortexTest.digits()));
    for (Architecture architecture : Set.copyOf(OperatorSamples.all())) {
      networks.add(SampleNetworks.mixed(architecture, random));
    }
    networks.add(SampleNetworks.mixed(OperatorSamples.quantized(), random));
    Stream.concat(IntegerNetworks.chains(), IntegerNetworks.graphs())
        .map(architecture -> IntegerNetworks.network(architecture, new Random(1)))
        .forEach(networks::add);
    for (CompressedNetwork network : networks) {
      for (CForm form : CForm.values()) {
        CSource source = CExport.of(network, form, "network", Map.of());
        int[] sizes = sizes(source);
        // More than it makes where it inlines most of what is called, hardly less.
        assertThat((double) source.flash())
            .as("%s %s", form, network.architecture())
            .isBetween(0.98 * sizes[0], 1.2 * sizes[0]);
        assertThat((long) sizes[1])
            .as("%s %s", form, network.architecture())
            .isBetween(source.ramBytes(), source.ramBytes() + 8);
      }
    }
  }

  /** Bytes of flash and of RAM of a program, with what the compiler brings. */
  private int[] sizes(CSource source) throws IOException {
    Compiler.write(source, folder);
    Files.writeString(folder.resolve("memory.c"), MEMORY);
    List<String> command = new ArrayList<>(List.of("arm-none-eabi-gcc"));
    command.addAll(CORTEX_M3);
    command.addAll(List.of("-nostdlib", "-Wl,-e,network_predict", "-o", "network.elf"));
    command.addAll(List.of("network.c", "memory.c", "-lgcc"));
    Compiler.run(folder, new byte[0], command);
    return size("network.elf");
  }

  private int[] size(String file) throws IOException {
    byte[] printed = Compiler.run(folder, new byte[0], List.of("arm-none-eabi-size", file));
    // Code and constants, variables with and without first values.
    String[] words =
        new String(printed, StandardCharsets.UTF_8).lines().toList().get(1).strip().split("\\s+");
    int data = Integer.parseInt(words[1]);
    return new int[] {Integer.parseInt(words[0]) + data, data + Integer.parseInt(words[2])};
  }

  @Test
  void theSizesOfFunctionsAreTheCompilers() throws IOException {
    Map<String, Integer> sizes = new TreeMap<>();
    Path resources =
        Path.of(System.getProperty("pare.root"), "executors/src/main/resources/dev/pare/csource");
    List<Path> functions;
    try (Stream<Path> files = Files.list(resources)) {
      functions = files.filter(file -> file.toString().endsWith(".c")).sorted().toList();
    }
    for (Path file : functions) {
      String name = file.getFileName().toString().replace(".c", "");
      String text = Files.readString(file);
      if (name.equals("coded") || name.equals("light")) {
        continue;
      }
      int plain = size(name, text, "");
      sizes.put(name, plain);
      for (String macro : CONDITION.matcher(text).results().map(match -> match.group(1)).toList()) {
        if (!macro.equals("CODED")) {
          sizes.put(name + "." + macro, size(name, text, macro) - plain);
        }
      }
    }
    sizes.put("coded", decoder(CForm.CODED));
    sizes.put("light", decoder(CForm.LIGHT));
    sizes.put(CodeSizes.COMPILERS, compilers());
    Path table = resources.resolve("code-sizes.properties");
    if (Boolean.getBoolean("sizes.write")) {
      StringBuilder lines = new StringBuilder("# Bytes of code on a Cortex-M3, by gcc 12.2 -Os.\n");
      sizes.forEach((name, size) -> lines.append(name).append('=').append(size).append('\n'));
      Files.writeString(table, lines);
    }
    Properties known = new Properties();
    try (var in = Files.newInputStream(table)) {
      known.load(in);
    }
    assertThat(known.stringPropertyNames()).isEqualTo(sizes.keySet());
    // Compilers of other versions differ.
    sizes.forEach(
        (name, size) ->
            assertThat(Integer.parseInt(known.getProperty(name)))
                .as(name)
                .isCloseTo(size, within(24 + Math.abs(size) / 8)));
  }

  /** Bytes of a file's own functions. */
  private int size(String name, String text, String macro) throws IOException {
    Library library = new Library();
    library.use(name);
    if (!macro.isEmpty()) {
      library.define(macro);
    }
    if (macro.equals("POOLED")) {
      library.useFirst("maximum_pool_levels");
    }
    if (library.functions().contains("whole_weights")) {
      // They have nothing else.
      library.define("LEVELS");
    }
    Files.writeString(folder.resolve("own.c"), "#include <stdint.h>\n" + library.text());
    List<String> command = new ArrayList<>(List.of("arm-none-eabi-gcc"));
    command.addAll(CORTEX_M3);
    command.addAll(List.of("-fno-inline", "-fkeep-static-functions", "-c", "-o", "own.o", "own.c"));
    Compiler.run(folder, new byte[0], command);
    byte[] printed = Compiler.run(folder, new byte[0], List.of("arm-none-eabi-nm", "-S", "own.o"));
    List<String> own = OWN.matcher(text).results().map(match -> match.group(1)).toList();
    int bytes = 0;
    Matcher symbol = SYMBOL.matcher(new String(printed, StandardCharsets.UTF_8));
    while (symbol.find()) {
      bytes += own.contains(symbol.group(2)) ? Integer.parseInt(symbol.group(1), 16) : 0;
    }
    return bytes;
  }

  private static CSource digits(CForm form) throws IOException {
    CompressedNetwork network = new ArtifactReader().read(CortexTest.digits());
    return CExport.of(network, form, "network", Map.of());
  }

  private int compilers() throws IOException {
    return sizes(digits(CForm.PACKED))[0] - alone(digits(CForm.PACKED));
  }

  /** Bytes of what decodes, whose many small functions are inlined. */
  private int decoder(CForm form) throws IOException {
    CSource coded = digits(form);
    CSource packed = digits(CForm.PACKED);
    return (int) (alone(coded) - coded.tableBytes() - alone(packed) + packed.tableBytes());
  }

  /** Bytes of flash of a program without what the compiler brings. */
  private int alone(CSource source) throws IOException {
    Compiler.write(source, folder);
    List<String> command = new ArrayList<>(List.of("arm-none-eabi-gcc"));
    command.addAll(CORTEX_M3);
    command.addAll(List.of("-c", "-o", "network.o", "network.c"));
    Compiler.run(folder, new byte[0], command);
    return size("network.o")[0];
  }
}
