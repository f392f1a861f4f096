package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Milliseconds of forward and backward passes of depthwise and grouped convolutions on one thread,
 * the least of many; {@code src/test/python/time_convolutions.py} has PyTorch's. {@code mvn -q -pl
 * executors -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=GroupedConvolutionBenchmark}
 */
class GroupedConvolutionBenchmark {
  private static final int BATCH = 32;
  private static final int REPETITIONS = Integer.getInteger("repetitions", 40);
  private static final Shape INPUT = new Shape(64, 32, 32);

  /** What a convolution reads, with a gradient of its own. */
  private static final class Source extends LayerPass {
    Source() {
      super(INPUT, BATCH);
      fill(output());
    }

    @Override
    void forward(float[] parameters, int batch, Mode mode) {}

    @Override
    void backward(float[] parameters, float[] gradient, int batch) {}
  }

  private static void fill(float[] values) {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
  }

  @Test
  void times() {
    for (int groups : List.of(64, 8, 2)) {
      for (int stride = 1; stride <= 2; stride++) {
        System.out.printf("%d groups, stride %d: %s%n", groups, stride, time(groups, stride));
      }
    }
  }

  private static String time(int groups, int stride) {
    Window side = new Window(3, stride, 1);
    Convolution layer = new Convolution(64, groups, side, side, Activation.IDENTITY);
    Shape shape = layer.output(List.of(INPUT));
    Architecture architecture =
        new Architecture(
            new InputShape(64, 32, 32, 1), List.of(layer, new Dense(1, Activation.IDENTITY)));
    LayerPass pass =
        Passes.make(layer, new Passes.Place(architecture, 0, List.of(new Source()), 0, BATCH));
    float[] parameters = new float[64 * (64 / groups) * 9 + 64];
    float[] gradient = new float[parameters.length];
    fill(parameters);
    fill(pass.outputGradient());
    long forward = Long.MAX_VALUE;
    long backward = Long.MAX_VALUE;
    for (int i = 0; i < REPETITIONS; i++) {
      long start = System.nanoTime();
      pass.forward(parameters, BATCH, LayerPass.Mode.TRAINING);
      long middle = System.nanoTime();
      pass.backward(parameters, gradient, BATCH);
      forward = Math.min(forward, middle - start);
      backward = Math.min(backward, System.nanoTime() - middle);
    }
    assertThat(gradient).doesNotContain(Float.NaN);
    return "forward %.2f, backward %.2f ms".formatted(forward / 1e6, backward / 1e6);
  }
}
