package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.SampleNetworks;
import dev.pare.graph.Architecture;
import dev.pare.graph.OperatorSamples;
import dev.pare.kernel.IntegerNetworks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exported C by libFuzzer with the address and the undefined behaviour sanitizers of clang: any
 * features, and the coded form's arithmetic codes and floats damaged. (What is packed has no bounds
 * but its own, as code has none: there only features change.) The normal run tries a few thousand
 * inputs; with {@code JAZZER_FUZZ=1} in the environment it searches for ten minutes in more
 * networks: {@code JAZZER_FUZZ=1 mvn -pl executors -am test -Dsurefire.failIfNoSpecifiedTests=false
 * -Dtest=CFuzzTest}
 */
class CFuzzTest {
  private static final boolean SEARCHES = System.getenv("JAZZER_FUZZ") != null;
  private static final List<String> CHECKED =
      List.of(
          "-std=c99",
          "-O1",
          "-g",
          "-fsanitize=fuzzer-no-link,address,undefined,float-cast-overflow",
          "-fno-sanitize-recover=all");

  /** Of the coded form what is read as it comes: codes, and floats. */
  private static final Pattern TABLE =
      Pattern.compile("static const (uint8_t|float) (\\w+)\\[(\\d+)\\] = \\{");

  @TempDir private Path folder;

  @Test
  void whateverTablesAndFeaturesHold() throws IOException {
    String clang = clang();
    assumeTrue(!clang.isEmpty(), "there is no clang with libFuzzer to fuzz C with");
    List<Architecture> samples = List.copyOf(new LinkedHashSet<>(OperatorSamples.all()));
    List<CompressedNetwork> networks = new ArrayList<>();
    // Large ones would take most of the time.
    for (int i = 0; i < samples.size(); i += SEARCHES ? 2 : 12) {
      networks.add(SampleNetworks.mixed(samples.get(i), new SplittableRandom(i)));
    }
    Stream.concat(IntegerNetworks.chains().limit(1), IntegerNetworks.graphs())
        .map(architecture -> IntegerNetworks.network(architecture, new Random(1)))
        .forEach(networks::add);
    List<String> objects = new ArrayList<>();
    for (CompressedNetwork network : networks) {
      for (CForm form : CForm.values()) {
        objects.add(compile(clang, network, form, "network_" + objects.size()));
      }
    }
    Files.writeString(folder.resolve("choose.c"), choice(objects.size()));
    List<String> command = new ArrayList<>(List.of(clang));
    command.addAll(CHECKED);
    command.addAll(List.of("-fsanitize=fuzzer", "-o", "fuzz", "choose.c"));
    command.addAll(objects);
    Compiler.run(folder, new byte[0], command);
    String limit = SEARCHES ? "-max_total_time=600" : "-runs=5000";
    // Slow are only those that do not end.
    String run =
        "./fuzz -seed=1 -timeout=20 -max_len=200 -len_control=0 -print_final_stats=1 " + limit;

    Compiler.run(
        folder,
        new byte[0],
        List.of("sh", "-c", run + " > found 2>&1 || { cat found >&2; exit 1; }"));

    String found = Files.readString(folder.resolve("found"));
    System.out.println(found.substring(found.lastIndexOf("Done")));
    assertThat(found).contains("stat::number_of_executed_units");
  }

  /** The first clang that has libFuzzer and the sanitizers, which may be a package apart. */
  private String clang() throws IOException {
    Files.writeString(folder.resolve("choose.c"), choice(0));
    for (String name :
        List.of("clang", "clang-15", "clang-16", "clang-17", "clang-18", "clang-19")) {
      if (Compiler.exists(name)) {
        String command = name + " " + String.join(" ", CHECKED) + " -fsanitize=fuzzer choose.c";
        byte[] code =
            Compiler.run(
                folder, new byte[0], List.of("sh", "-c", command + " 2> /dev/null; echo $?"));
        if (new String(code, StandardCharsets.UTF_8).strip().equals("0")) {
          return name;
        }
      }
    }
    return "";
  }

  /** A program, with what calls it behind it; the object file. */
  private String compile(String clang, CompressedNetwork network, CForm form, String name)
      throws IOException {
    CSource source = CExport.of(network, form, name, Map.of());
    Compiler.write(source, folder);
    StringBuilder tables = new StringBuilder();
    String text = source.source();
    long room = 1;
    if (form != CForm.PACKED) {
      Matcher table = TABLE.matcher(text);
      StringBuilder changeable = new StringBuilder();
      while (table.find()) {
        boolean isRead = table.group(1).equals("float") || table.group(2).endsWith("_code_bytes");
        String found = table.group();
        table.appendReplacement(changeable, isRead ? found.replace("const ", "") : found);
        if (isRead) {
          tables.append("{%s, sizeof %s}, ".formatted(table.group(2), table.group(2)));
          room += Long.parseLong(table.group(3)) * Float.BYTES;
        }
      }
      text = table.appendTail(changeable).toString();
    }
    String upper = name.toUpperCase(Locale.ROOT);
    StringBuilder whole = new StringBuilder(text);
    whole.append(
        "#define FEATURES %s_FEATURES\n#define OUTPUTS %s_OUTPUTS\n".formatted(upper, upper));
    whole.append("#define PREDICT %s_predict\n#define FUZZ %s_fuzz\n".formatted(name, name));
    whole.append("#define ROOM %d\n#define TABLES %s\n".formatted(room, tables));
    try (InputStream in = CFuzzTest.class.getResourceAsStream("fuzz.c")) {
      whole.append(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
    Files.writeString(folder.resolve(name + ".c"), whole);
    List<String> command = new ArrayList<>(List.of(clang));
    command.addAll(CHECKED);
    command.addAll(List.of("-c", "-o", name + ".o", name + ".c"));
    Compiler.run(folder, new byte[0], command);
    return name + ".o";
  }

  /** The first byte of an input says which program it is for. */
  private static String choice(int programs) {
    StringBuilder text = new StringBuilder("#include <stddef.h>\n#include <stdint.h>\n");
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < programs; i++) {
      text.append("void network_%d_fuzz(const unsigned char *, uint32_t);\n".formatted(i));
      names.append("network_%d_fuzz, ".formatted(i));
    }
    return text
        + """
        int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

        static void (*const programs[])(const unsigned char *, uint32_t) = {%s0};

        int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
          if (size > 0 && programs[0]) {
            programs[data[0] %% (sizeof programs / sizeof programs[0] - 1)](
                data + 1, (uint32_t)size - 1);
          }
          return 0;
        }
        """
            .formatted(names);
  }
}
