package dev.pare.kernel;

import dev.pare.graph.Gru;
import java.util.Arrays;

/** {@link Gru}. */
final class GruKernel implements Kernel {
  private final int units;
  private final Steps steps;
  private final Matrix ofInput;
  private final Matrix ofUnits;
  private final float[] biases;
  private final float[] candidateBiases;

  GruKernel(Gru layer, Place place) {
    units = layer.units();
    steps = new Steps(place.input());
    ofInput = place.matrix(0);
    ofUnits = place.matrix(1);
    biases = place.vector(2);
    candidateBiases = place.vector(3);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] read = new float[steps.features()];
    float[] fromInput = new float[3 * units];
    float[] fromUnits = new float[3 * units];
    float[] hidden = new float[units];
    for (int step = 0; step < steps.count(); step++) {
      steps.read(inputs[0], step, read);
      System.arraycopy(biases, 0, fromInput, 0, fromInput.length);
      Arrays.fill(fromUnits, 0, 2 * units, 0);
      System.arraycopy(candidateBiases, 0, fromUnits, 2 * units, units);
      ofInput.multiply(read, fromInput);
      ofUnits.multiply(hidden, fromUnits);
      for (int u = 0; u < units; u++) {
        float update = Activations.sigmoid(fromInput[u] + fromUnits[u]);
        float reset = Activations.sigmoid(fromInput[units + u] + fromUnits[units + u]);
        float candidate =
            Activations.tanh(fromInput[2 * units + u] + reset * fromUnits[2 * units + u]);
        hidden[u] = (1 - update) * candidate + update * hidden[u];
      }
      steps.write(hidden, step, output);
    }
  }
}
