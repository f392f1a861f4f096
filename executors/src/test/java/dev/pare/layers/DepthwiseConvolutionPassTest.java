package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.graph.Activation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import dev.pare.layers.LayerPass.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** On planes of several blocks, which the networks of OperatorSamples do not have. */
class DepthwiseConvolutionPassTest {
  private static final Shape INPUT = new Shape(3, 21, 18);
  private static final int BATCH = 20;

  private static final List<Convolution> LAYERS =
      List.of(
          layer(3, new Window(3, 1, 1), new Window(3, 1, 1)),
          layer(6, new Window(3, 2, 1), new Window(3, 2, 1)),
          layer(3, new Window(5, 1, 1, 0, 3), new Window(4, 1, 1, 3, 0)),
          layer(6, new Window(3, 2, 3, 4, 1), new Window(2, 3, 2, 0, 2)),
          layer(3, new Window(2, 3, 0), new Window(1, 4, 0)));

  private static final class Source extends LayerPass {
    Source(float[] values) {
      super(INPUT, BATCH);
      System.arraycopy(values, 0, output(), 0, values.length);
    }

    @Override
    public void forward(float[] parameters, int batch, Mode mode) {}

    @Override
    public void backward(float[] parameters, float[] gradient, int batch) {}
  }

  private static Convolution layer(int filters, Window vertical, Window horizontal) {
    return new Convolution(filters, 3, vertical, horizontal, Activation.TANH);
  }

  private static float[] random(int count, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }

  private static float[] parameters(Convolution layer) {
    return random(layer.filters() * (layer.area() + 1), 2);
  }

  @Test
  void outputsAndGradientsAreThoseOfALoopOverWindows() {
    for (Convolution layer : LAYERS) {
      Source source = new Source(random(INPUT.size() * BATCH, 1));
      Source other = new Source(source.output());
      Shape shape = layer.output(List.of(INPUT));
      LayerPass pass = new DepthwiseConvolutionPass(layer, source, shape, 0, BATCH);
      LayerPass reference = new DilatedConvolutionPass(layer, other, shape, 0, BATCH);
      // A smaller batch leaves nothing behind for the larger after it.
      for (int batch : List.of(BATCH, 7, BATCH)) {
        float[] gradient = run(pass, layer, batch);
        float[] expected = run(reference, layer, batch);

        assertThat(Arrays.copyOf(pass.output(), shape.size() * batch))
            .as(layer.summary())
            .containsExactly(
                Arrays.copyOf(reference.output(), shape.size() * batch), Offset.offset(1e-5f));
        assertThat(gradient).containsExactly(expected, Offset.offset(2e-3f));
        assertThat(Arrays.copyOf(source.outputGradient(), INPUT.size() * batch))
            .containsExactly(
                Arrays.copyOf(other.outputGradient(), INPUT.size() * batch), Offset.offset(1e-5f));
      }
    }
  }

  private static float[] run(LayerPass pass, Convolution layer, int batch) {
    float[] parameters = parameters(layer);
    float[] gradient = new float[parameters.length];
    pass.forward(parameters, batch, Mode.TRAINING);
    float[] loss = random(pass.shape().size() * batch, 3);
    System.arraycopy(loss, 0, pass.outputGradient(), 0, loss.length);
    pass.backward(parameters, gradient, batch);
    return gradient;
  }

  @Test
  void anExamplesOutputIsTheSameToTheBitInAnyBatch() {
    for (Convolution layer : LAYERS) {
      float[] values = random(INPUT.size() * BATCH, 1);
      Shape shape = layer.output(List.of(INPUT));
      LayerPass all = new DepthwiseConvolutionPass(layer, new Source(values), shape, 0, BATCH);
      all.forward(parameters(layer), BATCH, Mode.INFERENCE);
      for (int example : List.of(0, BATCH - 1)) {
        Source source = new Source(of(values, example));
        LayerPass one = new DepthwiseConvolutionPass(layer, source, shape, 0, BATCH);
        one.forward(parameters(layer), 1, Mode.INFERENCE);

        assertThat(Arrays.copyOf(one.output(), shape.size()))
            .containsExactly(of(all.output(), example));
      }
    }
  }

  private static float[] of(float[] values, int example) {
    float[] one = new float[values.length / BATCH];
    for (int i = 0; i < one.length; i++) {
      one[i] = values[i * BATCH + example];
    }
    return one;
  }
}
