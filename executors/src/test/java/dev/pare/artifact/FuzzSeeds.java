package dev.pare.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Writes the inputs from which {@link ArtifactReaderFuzzTest} starts: {@code java
 * dev.pare.artifact.FuzzSeeds executors/src/test/resources/dev/pare/artifact}.
 */
final class FuzzSeeds {
  private FuzzSeeds() {}

  public static void main(String[] args) throws IOException {
    Path inputs = Path.of(args[0], "ArtifactReaderFuzzTestInputs");
    Path files = Files.createDirectories(inputs.resolve("anyBytes"));
    Path bodies = Files.createDirectories(inputs.resolve("anyBodyUnderARightChecksum"));
    SplittableRandom random = new SplittableRandom(11);
    for (Representation representation : Representation.values()) {
      byte[] file =
          SampleNetworks.bytes(
              SampleNetworks.of(SampleNetworks.smallDense(), representation, 0.4, random));
      write(
          files,
          bodies,
          representation.toString().toLowerCase(Locale.ROOT).replace('_', '-'),
          file);
    }
    for (int i = 0; i < 6; i++) {
      byte[] file =
          SampleNetworks.bytes(SampleNetworks.mixed(SampleNetworks.smallConvolutional(), random));
      write(files, bodies, "convolutional-" + i, file);
    }
    List<CompressedNetwork> trained = SampleNetworks.trained();
    for (int i = 0; i < trained.size(); i++) {
      write(files, bodies, "trained-" + i, SampleNetworks.bytes(trained.get(i)));
    }
  }

  private static void write(Path files, Path bodies, String name, byte[] file) throws IOException {
    Files.write(files.resolve(name), file);
    Files.write(bodies.resolve(name), Bodies.of(file));
  }
}
