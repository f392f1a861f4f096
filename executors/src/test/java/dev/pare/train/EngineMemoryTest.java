package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.sun.management.ThreadMXBean;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.layers.Batch;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Name;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineMemoryTest {
  private static final int SMALL = 8;
  private static final int LARGE = 40;

  private static Architecture architecture(Name name) {
    return NamedArchitecture.of(name).resolve(new InputShape(1, 28, 28, 255), 10);
  }

  @ParameterizedTest
  @EnumSource(
      value = Name.class,
      names = {"LENET_300_100", "LENET_5", "RESNET", "LSTM", "ATTENTION"})
  void anExamplesBuffersAreWhatAnEngineAllocates(Name name) {
    Architecture architecture = architecture(name);
    inferred(architecture, 1);
    trained(architecture, 2);

    long inference =
        (inferred(architecture, LARGE) - inferred(architecture, SMALL)) / (LARGE - SMALL);
    long training = (trained(architecture, LARGE) - trained(architecture, SMALL)) / (LARGE - SMALL);

    assertThat(Engines.inferenceBytes(architecture)).isCloseTo(inference, withinPercentage(10));
    // Features may be there as bytes, too; dense layers of which few weights are not zero have
    // their
    // inputs and outputs once more.
    long rows =
        architecture.input().size()
            + Float.BYTES
                * IntStream.range(0, architecture.layers().size())
                    .filter(i -> architecture.layers().get(i) instanceof Dense)
                    .mapToLong(
                        i -> architecture.inputShape(i).size() + architecture.outputShape(i).size())
                    .sum();
    assertThat(Engines.trainingBytes(architecture) - rows)
        .isCloseTo(training, withinPercentage(10));
  }

  @ParameterizedTest
  @EnumSource(
      value = Name.class,
      names = {"LENET_300_100", "LENET_5", "RESNET"})
  void passesOverFewWeightsTakeNoMore(Name name) {
    Architecture architecture = architecture(name);
    trainedOverFew(architecture, 64);

    long bytes =
        (trainedOverFew(architecture, 256) - trainedOverFew(architecture, 64)) / (256 - 64);

    assertThat(bytes).isLessThan(Engines.trainingBytes(architecture) * 11 / 10);
  }

  @Test
  void largeNetworksAreEvaluatedInSmallBatches() {
    Architecture large =
        NamedArchitecture.of(Name.RESNET).resolve(new InputShape(3, 64, 64, 255), 10);
    int batch = Evaluator.batch(large);
    inferred(large, 1);

    assertThat(batch).isBetween(1, 100);
    assertThat(inferred(large, batch)).isLessThan(160L << 20);
    assertThat(Evaluator.batch(architecture(Name.LENET_300_100))).isEqualTo(500);
  }

  private static long inferred(Architecture architecture, int batch) {
    float[] parameters = new float[architecture.parameters()];
    return allocated(
        () -> {
          float[] inputs = new float[batch * architecture.input().size()];
          float[] logits = new float[batch * architecture.outputs()];
          try (Engine engine = Engines.of(architecture, batch)) {
            engine.forward(parameters, Batch.of(inputs, batch), logits);
          }
        });
  }

  private static long trained(Architecture architecture, int batch) {
    float[] parameters = new float[architecture.parameters()];
    float[] gradient = new float[parameters.length];
    return allocated(
        () -> {
          float[] inputs = new float[batch * architecture.input().size()];
          try (Engine engine = Engines.of(architecture, batch)) {
            engine.gradient(
                parameters, Batch.of(inputs, batch), (logits, size, target) -> 0, gradient);
          }
        });
  }

  private static long trainedOverFew(Architecture architecture, int batch) {
    float[] parameters = new float[architecture.parameters()];
    float[] gradient = new float[parameters.length];
    int[] live = architecture.weights().stream().mapToInt(tensor -> tensor.offset()).toArray();
    return allocated(
        () -> {
          float[] inputs = new float[batch * architecture.input().size()];
          try (Engine engine = Engines.of(architecture, batch)) {
            engine.setLive(live);
            engine.gradient(
                parameters, Batch.of(inputs, batch), (logits, size, target) -> 0, gradient);
          }
        });
  }

  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
