package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Microcontrollers that QEMU emulates, and what compiles for them. */
enum Board {
  /** Without floating-point arithmetic. */
  CORTEX_M3("mps2-an385", "-mcpu=cortex-m3"),
  /** With a unit for it, where products and sums may become one operation. */
  CORTEX_M4(
      "mps2-an386",
      "-mcpu=cortex-m4",
      "-mfloat-abi=hard",
      "-mfpu=fpv4-sp-d16",
      "-ffp-contract=fast"),
  /** With a unit for it. */
  CORTEX_M7("mps2-an500", "-mcpu=cortex-m7", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16");

  /** What they need on this machine. */
  static final List<String> TOOLS =
      List.of("arm-none-eabi-gcc", "arm-none-eabi-size", "qemu-system-arm");

  private final String machine;
  private final List<String> options;

  Board(String machine, String... options) {
    this.machine = machine;
    this.options = List.of(options);
  }

  /**
   * What a firmware takes.
   *
   * @param flash bytes of code and constants
   * @param ram bytes of variables
   */
  record Sizes(int flash, int ram) {}

  /**
   * What a firmware computes.
   *
   * @param instructions of one prediction
   */
  record Run(long instructions, float[] outputs) {}

  /** Of the least that runs a network, exported with the prefix {@code network}. */
  Sizes sizes(Path folder, CSource source) throws IOException {
    build(
        folder,
        source,
        """
        #include "network.h"

        static float features[NETWORK_FEATURES];
        static float logits[NETWORK_OUTPUTS];
        volatile int digit;

        int main(void) {
          digit = network_logits(features, logits);
          return 0;
        }
        """);
    byte[] printed =
        Compiler.run(folder, new byte[0], List.of("arm-none-eabi-size", "firmware.elf"));
    // Code and constants, variables with and without first values.
    String[] words =
        new String(printed, StandardCharsets.UTF_8).lines().toList().get(1).strip().split("\\s+");
    int data = Integer.parseInt(words[1]);
    return new Sizes(Integer.parseInt(words[0]) + data, data + Integer.parseInt(words[2]));
  }

  /** Runs a network, exported with the prefix {@code network}. */
  Run run(Path folder, CSource source, float[] features) throws IOException {
    String main =
        """
        #include "network.h"

        #include <stdint.h>

        void print(const char *text);
        uint32_t instructions(void);

        static const float features[NETWORK_FEATURES] = {%s};
        static float outputs[NETWORK_OUTPUTS];

        static void print_number(uint32_t number) {
          char text[10] = "00000000\\n";
          for (int i = 0; i < 8; i++) {
            text[i] = "0123456789abcdef"[number >> (28 - 4 * i) & 15u];
          }
          print(text);
        }

        int main(void) {
          uint32_t before = instructions();
          network_predict(features, outputs);
          print_number(instructions() - before);
          for (int i = 0; i < NETWORK_OUTPUTS; i++) {
            union {
              float value;
              uint32_t bits;
            } output;
            output.value = outputs[i];
            print_number(output.bits);
          }
          return 0;
        }
        """
            .formatted(
                IntStream.range(0, features.length)
                    .mapToObj(i -> features[i] + "f")
                    .collect(Collectors.joining(", ")));
    build(folder, source, main);
    Compiler.run(
        folder,
        new byte[0],
        List.of(
            "sh",
            "-c",
            "exec timeout 300 qemu-system-arm -M "
                + machine
                + " -icount shift=0 -nographic -monitor none -serial none"
                + " -semihosting-config enable=on,target=native -kernel firmware.elf > printed 2>&1"));
    List<String> printed = Files.readAllLines(folder.resolve("printed"));
    assertThat(printed).hasSizeGreaterThan(1);
    float[] outputs = new float[printed.size() - 1];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = Float.intBitsToFloat(Integer.parseUnsignedInt(printed.get(1 + i), 16));
    }
    return new Run(Long.parseLong(printed.get(0), 16), outputs);
  }

  private void build(Path folder, CSource source, String main) throws IOException {
    Compiler.write(source, folder);
    Files.writeString(folder.resolve("main.c"), main);
    for (String name : List.of("start.c", "link.ld")) {
      try (InputStream in = Board.class.getResourceAsStream(name)) {
        Files.copy(
            Objects.requireNonNull(in), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    List<String> command = new ArrayList<>(List.of("arm-none-eabi-gcc"));
    command.addAll(Compiler.STRICT);
    command.addAll(options);
    command.addAll(
        List.of("-mthumb", "-Os", "-ffreestanding", "-ffunction-sections", "-fdata-sections"));
    command.addAll(List.of("-Wl,--gc-sections", "-nostdlib", "-T", "link.ld"));
    command.addAll(List.of("-o", "firmware.elf", "start.c", "network.c", "main.c", "-lgcc"));
    Compiler.run(folder, new byte[0], command);
  }
}
