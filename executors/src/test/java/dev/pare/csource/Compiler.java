package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compilers of C on this machine, and what they make. */
public final class Compiler {
  /** Any warning is an error. */
  static final List<String> STRICT =
      List.of("-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror");

  private Compiler() {}

  /** Whether there is a command of that name. */
  public static boolean exists(String command) {
    for (String folder : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(folder, command))) {
        return true;
      }
    }
    return false;
  }

  /** Writes a program's files. */
  public static void write(CSource source, Path folder) throws IOException {
    Files.writeString(folder.resolve(source.prefix() + ".h"), source.header());
    Files.writeString(folder.resolve(source.prefix() + ".c"), source.source());
  }

  /** Compiles a program, and one that runs it on examples from its input to its output. */
  static Path build(CSource source, Path folder, String compiler, List<String> options)
      throws IOException {
    write(source, folder);
    String name = source.prefix();
    Files.writeString(
        folder.resolve("main.c"),
        """
        #include <stdio.h>
        #include "%s.h"

        int main(void) {
          static float features[%s_FEATURES];
          static float outputs[%s_OUTPUTS];
          while (fread(features, sizeof features, 1, stdin) == 1) {
            float label = (float)%s_predict(features, outputs);
            fwrite(&label, sizeof label, 1, stdout);
            fwrite(outputs, sizeof outputs, 1, stdout);
        #ifdef LOGITS
            %s_logits(features, outputs);
        #endif
            fwrite(outputs, sizeof outputs, 1, stdout);
          }
          return 0;
        }
        """
            .formatted(
                name, name.toUpperCase(Locale.ROOT), name.toUpperCase(Locale.ROOT), name, name));
    Path program = folder.resolve("program");
    List<String> command = new ArrayList<>(List.of(compiler));
    command.addAll(STRICT);
    command.addAll(options);
    if (source.header().contains("_logits(")) {
      command.add("-DLOGITS");
    }
    command.addAll(List.of("-o", "program", name + ".c", "main.c"));
    run(folder, new byte[0], command);
    return program;
  }

  /** Runs a program on examples: of each its label, its outputs and its logits. */
  static float[] outputs(Path program, float[] features) throws IOException {
    ByteBuffer in =
        ByteBuffer.allocate(Float.BYTES * features.length).order(ByteOrder.nativeOrder());
    in.asFloatBuffer().put(features);
    byte[] out = run(program.getParent(), in.array(), List.of(program.toString()));
    float[] values = new float[out.length / Float.BYTES];
    ByteBuffer.wrap(out).order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
    return values;
  }

  /** Runs a command that must succeed; what it prints. */
  public static byte[] run(Path folder, byte[] in, List<String> command) throws IOException {
    Path input = Files.write(folder.resolve("input"), in);
    Path errors = folder.resolve("errors");
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      int code = process.waitFor();
      assertThat(code)
          .as("%s: %s", command, Files.readString(errors, StandardCharsets.UTF_8))
          .isZero();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return Files.readAllBytes(output);
  }
}
