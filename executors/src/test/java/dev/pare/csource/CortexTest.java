package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.SampleNetworks;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Architecture;
import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exported networks on microcontrollers that QEMU emulates, as whole firmware. */
class CortexTest {
  private static final int FIRMWARE_BYTES = 8000;

  @TempDir private Path folder;

  /** The boards, and what compiles for them. */
  private enum Board {
    /** Without floating-point arithmetic. */
    CORTEX_M3("mps2-an385", "-mcpu=cortex-m3"),
    /** With a unit for it. */
    CORTEX_M7("mps2-an500", "-mcpu=cortex-m7", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16");

    private final String machine;
    private final List<String> options;

    Board(String machine, String... options) {
      this.machine = machine;
      this.options = List.of(options);
    }
  }

  @BeforeEach
  void hasTools() {
    for (String tool : List.of("arm-none-eabi-gcc", "arm-none-eabi-size", "qemu-system-arm")) {
      assumeTrue(Compiler.exists(tool), "there is no " + tool + " to emulate a Cortex-M with");
    }
  }

  @ParameterizedTest
  @EnumSource
  void outputsAreThePredictors(Board board) throws IOException {
    SplittableRandom random = RandomSeed.random("CortexTest");
    for (Architecture architecture :
        List.of(SampleNetworks.smallConvolutional(), SampleNetworks.factoredLayers())) {
      for (CForm form : CForm.values()) {
        CompressedNetwork network = SampleNetworks.mixed(architecture, random);
        float[] features = new float[architecture.input().size()];
        for (int i = 0; i < features.length; i++) {
          features[i] = random.nextInt(-8, 9);
        }
        run(board, form, network, features);
      }
    }
  }

  /**
   * Two convolutions of 6 and 12 filters of 5×5 at stride 2 and a dense layer, trained on MNIST in
   * PyTorch and compressed with {@code bits = 3, sparsity = 0.5}: 2.70% error on its test data.
   */
  static byte[] digits() throws IOException {
    try (InputStream in = CortexTest.class.getResourceAsStream("digits.pare")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFirmwareThatReadsDigitsTakesLessThan8Kilobytes(Board board) throws IOException {
    CompressedNetwork network = new ArtifactReader().read(digits());
    for (CForm form : CForm.values()) {
      CSource source = CExport.of(network, form, "network", Map.of());
      int[] sizes = sizes(board, source);
      long instructions = run(board, form, network, images(1)[0]);
      System.out.println(
          "%s, %s: %d bytes of flash, of these %d of constants; %d of RAM; %d instructions"
              .formatted(board, form, sizes[0], source.tableBytes(), sizes[1], instructions));
      assertThat((long) sizes[0]).isGreaterThan(source.tableBytes());
      // What a processor without floats takes, and what calls it and is left out here.
      assertThat((long) sizes[0]).isBetween(source.flash() / 2, source.flash() + 300);
      // And the digit.
      assertThat((long) sizes[1]).isBetween(source.ram(), source.ram() + 16);
      // Some for each multiply-add, and no more than an emulated float takes, and decoding.
      assertThat(instructions).isBetween(10 * source.multiplyAdds(), 1000 * source.multiplyAdds());
      if (form == CForm.PACKED) {
        assertThat(Math.max(sizes[0], sizes[1])).isLessThan(FIRMWARE_BYTES);
      }
    }
  }

  /** Bytes of flash and of RAM of the least that runs a network. */
  private int[] sizes(Board board, CSource source) throws IOException {
    build(
        board,
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
    return new int[] {Integer.parseInt(words[0]) + data, data + Integer.parseInt(words[2])};
  }

  @Test
  void itReadsDigits() throws IOException {
    Predictor predictor = Predictor.open(digits());
    float[][] images = images(2000);
    int[] labels = labels(images.length);
    int correct = 0;
    for (int i = 0; i < images.length; i++) {
      correct += predictor.predict(images[i]).label() == labels[i] ? 1 : 0;
    }
    assertThat(correct / (double) images.length).isGreaterThan(0.96);
  }

  private static DataInputStream quickstart(String name) throws IOException {
    Path file = Path.of(System.getProperty("pare.root"), "conf", "quickstart", name);
    return new DataInputStream(new GZIPInputStream(Files.newInputStream(file)));
  }

  static float[][] images(int count) throws IOException {
    try (DataInputStream in = quickstart("t10k-images-idx3-ubyte.gz")) {
      in.readFully(new byte[16]);
      float[][] images = new float[count][28 * 28];
      for (float[] image : images) {
        for (int i = 0; i < image.length; i++) {
          image[i] = in.readUnsignedByte();
        }
      }
      return images;
    }
  }

  private static int[] labels(int count) throws IOException {
    try (DataInputStream in = quickstart("t10k-labels-idx1-ubyte.gz")) {
      in.readFully(new byte[8]);
      int[] labels = new int[count];
      for (int i = 0; i < count; i++) {
        labels[i] = in.readUnsignedByte();
      }
      return labels;
    }
  }

  /** Runs a network on a board; how many instructions a prediction takes. */
  private long run(Board board, CForm form, CompressedNetwork network, float[] features)
      throws IOException {
    Prediction expected = Predictor.open(SampleNetworks.bytes(network)).predict(features);
    int outputs = expected.outputs().length;
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
    build(board, CExport.of(network, form, "network", Map.of()), main);
    Compiler.run(
        folder,
        new byte[0],
        List.of(
            "sh",
            "-c",
            "exec timeout 300 qemu-system-arm -M "
                + board.machine
                + " -icount shift=0 -nographic -monitor none -serial none"
                + " -semihosting-config enable=on,target=native -kernel firmware.elf > printed 2>&1"));
    List<String> printed = Files.readAllLines(folder.resolve("printed"));
    assertThat(printed).hasSize(1 + outputs);
    for (int i = 0; i < outputs; i++) {
      float found = Float.intBitsToFloat(Integer.parseUnsignedInt(printed.get(1 + i), 16));
      assertThat(found).isCloseTo(expected.outputs()[i], within(1e-5f));
    }
    return Long.parseLong(printed.get(0), 16);
  }

  private void build(Board board, CSource source, String main) throws IOException {
    Compiler.write(source, folder);
    Files.writeString(folder.resolve("main.c"), main);
    for (String name : List.of("start.c", "link.ld")) {
      try (InputStream in = CortexTest.class.getResourceAsStream(name)) {
        Files.copy(
            Objects.requireNonNull(in), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    List<String> command = new ArrayList<>(List.of("arm-none-eabi-gcc"));
    command.addAll(Compiler.STRICT);
    command.addAll(board.options);
    command.addAll(
        List.of("-mthumb", "-Os", "-ffreestanding", "-ffunction-sections", "-fdata-sections"));
    command.addAll(List.of("-Wl,--gc-sections", "-nostdlib", "-T", "link.ld"));
    command.addAll(List.of("-o", "firmware.elf", "start.c", "network.c", "main.c", "-lgcc"));
    Compiler.run(folder, new byte[0], command);
  }
}
