package dev.pare.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program run to its end. */
record Command(int code, String out, String err) {
  /**
   * Runs one.
   *
   * @param environment added to this process's own
   */
  static Command run(Path folder, Map<String, String> environment, List<String> words)
      throws IOException, InterruptedException {
    Path errors = folder.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(folder.toFile()).redirectError(errors.toFile());
    builder.environment().remove("PARE_SUBMIT_OPTIONS");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Command(process.waitFor(), out, java.nio.file.Files.readString(errors));
  }
}
