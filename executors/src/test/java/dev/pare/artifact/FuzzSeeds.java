package dev.pare.artifact;

import dev.pare.export.DeltaExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Writes the inputs from which {@link ArtifactReaderFuzzTest} and {@link DeltaFuzzTest} start:
 * {@code java dev.pare.artifact.FuzzSeeds executors/src/test/resources/dev/pare/artifact}.
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
    writeDeltas(
        Files.createDirectories(
            Path.of(args[0], "DeltaFuzzTestInputs", "anyBodyUnderARightChecksum")));
  }

  /**
   * What the deltas of {@link DeltaFuzzTest} are against: with an origin, in two representations.
   */
  static byte[] oldOfDeltas() {
    return SampleNetworks.bytes(SampleNetworks.trained().get(0));
  }

  private static void writeDeltas(Path folder) throws IOException {
    SplittableRandom random = new SplittableRandom(13);
    List<CompressedNetwork> networks = new ArrayList<>(SampleNetworks.trained());
    networks.add(networks.get(2).withOrigin(Optional.empty()));
    for (Representation representation : Representation.values()) {
      networks.add(SampleNetworks.of(networks.get(0).architecture(), representation, 0.4, random));
    }
    byte[] old = oldOfDeltas();
    for (int i = 0; i < networks.size(); i++) {
      byte[] delta = DeltaExport.of(old, SampleNetworks.bytes(networks.get(i)));
      FileHeader header = FileHeader.read(FileHeader.Kind.DELTA, delta);
      Files.write(
          folder.resolve("delta-" + i),
          Arrays.copyOfRange(delta, header.bodyStart() + Digest.BYTES, (int) header.bodyEnd()));
    }
  }

  private static void write(Path files, Path bodies, String name, byte[] file) throws IOException {
    Files.write(files.resolve(name), file);
    Files.write(bodies.resolve(name), Bodies.of(file));
  }
}
