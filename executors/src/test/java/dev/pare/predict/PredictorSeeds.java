package dev.pare.predict;

import dev.pare.artifact.Bodies;
import dev.pare.artifact.SampleNetworks;
import dev.pare.graph.Architecture;
import dev.pare.graph.Layer;
import dev.pare.train.EngineTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Writes the inputs from which {@link PredictorFuzzTest} starts, networks that together have every
 * kind of layer: {@code java dev.pare.predict.PredictorSeeds
 * executors/src/test/resources/dev/pare/predict}.
 */
final class PredictorSeeds {
  private PredictorSeeds() {}

  public static void main(String[] args) throws IOException {
    Path bodies =
        Files.createDirectories(
            Path.of(args[0], "PredictorFuzzTestInputs", "anyBodyUnderARightChecksum"));
    SplittableRandom random = new SplittableRandom(12);
    Set<Class<?>> seen = new HashSet<>();
    for (Architecture architecture : EngineTest.architectures().toList()) {
      List<? extends Class<? extends Layer>> kinds =
          architecture.layers().stream().map(Layer::getClass).toList();
      if (seen.addAll(kinds)) {
        byte[] file = SampleNetworks.bytes(SampleNetworks.mixed(architecture, random));
        Files.write(bodies.resolve("network-" + seen.size()), Bodies.of(file));
      }
    }
  }
}
