package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.ArtifactSummary;
import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Origin;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.sparsify.ReducedNetwork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Prices, against what a file that tells where its weights began really takes. */
class CoderCostTest {
  private static final long SEED = 5;
  private static final float SCALE = 0.05f;

  private final Architecture architecture =
      new Architecture(
          new InputShape(60, 1, 1, 1),
          java.util.List.of(new Dense(40, Activation.RELU), new Dense(10, Activation.SOFTMAX)));

  /** Weights that training has hardly moved, in equal steps. */
  private short[] levels(ParameterTensor tensor, Network first) {
    short[] levels = new short[tensor.size()];
    for (int i = 0; i < levels.length; i++) {
      double value = first.parameters()[tensor.offset() + i] + 0.01 * Math.sin(i % 60);
      levels[i] = (short) (Math.abs(value) < 0.15 ? 0 : Math.round(value / SCALE));
    }
    return levels;
  }

  private static double price(LevelCost.Pass pass, short[] levels) {
    double bits = 0;
    while (pass.hasNext()) {
      int index = pass.index();
      bits += pass.bits(levels[index]);
      pass.choose(levels[index]);
    }
    return bits;
  }

  @Test
  void pricesAreWhatTheFileTakes() throws IOException {
    Network first = Initialization.random(architecture, SEED);
    CompressedNetwork network =
        CompressedNetwork.of(
                new Network(architecture, new float[architecture.parameters()]),
                tensor ->
                    new UniformTensor(
                        new LevelMatrix(tensor.rows(), tensor.columns(), levels(tensor, first)),
                        new float[] {SCALE}))
            .withOrigin(Optional.of(Origin.of(architecture, SEED)));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    new ArtifactWriter().write(network, file);
    ArtifactSummary summary = new ArtifactReader().inspect(file.toByteArray());

    LevelCost knowing = CoderCost.from(Origin.of(architecture, SEED), ReducedNetwork.none(first));
    for (ParameterTensor tensor : architecture.tensors()) {
      if (!tensor.isWeight()) {
        continue;
      }
      short[] levels = levels(tensor, first);
      LevelCost own = knowing.on(tensor);
      double known =
          price(
              own.over(tensor.rows(), tensor.columns(), levels, (row, level) -> SCALE * level),
              levels);
      double plain = price(own.over(tensor.rows(), tensor.columns(), levels), levels);
      ArtifactSummary.Tensor section =
          summary.tensors().stream()
              .filter(t -> t.place().equals(tensor))
              .findFirst()
              .orElseThrow();

      assertThat(known).isLessThan(0.8 * plain);
      // What is no code in a section: coding, scale, and the parameters of the code.
      assertThat(section.totalBytes()).isCloseTo((long) (known / 8), within(24L));
    }
  }
}
