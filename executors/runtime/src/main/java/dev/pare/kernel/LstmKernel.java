package dev.pare.kernel;

import dev.pare.graph.Lstm;

/** {@link Lstm}. */
final class LstmKernel implements Kernel {
  private final int units;
  private final Steps steps;
  private final Matrix ofInput;
  private final Matrix ofUnits;
  private final float[] biases;

  LstmKernel(Lstm layer, Place place) {
    units = layer.units();
    steps = new Steps(place.input());
    ofInput = place.matrix(0);
    ofUnits = place.matrix(1);
    biases = place.vector(2);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] read = new float[steps.features()];
    float[] sums = new float[4 * units];
    float[] hidden = new float[units];
    float[] cells = new float[units];
    for (int step = 0; step < steps.count(); step++) {
      steps.read(inputs[0], step, read);
      System.arraycopy(biases, 0, sums, 0, sums.length);
      ofInput.multiply(read, sums);
      ofUnits.multiply(hidden, sums);
      for (int u = 0; u < units; u++) {
        float forgotten = Activations.sigmoid(sums[units + u]) * cells[u];
        float written = Activations.sigmoid(sums[3 * units + u]) * Activations.tanh(sums[u]);
        cells[u] = forgotten + written;
        hidden[u] = Activations.sigmoid(sums[2 * units + u]) * Activations.tanh(cells[u]);
      }
      steps.write(hidden, step, output);
    }
  }
}
