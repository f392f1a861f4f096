package dev.pare.graph;

import java.util.Arrays;

/** An LSTM for one example, unit by unit, in double precision. */
final class ReferenceLstm {
  private final Lstm layer;
  private final double[] parameters;
  private final ParameterTensor ofInput;
  private final ParameterTensor ofUnits;
  private final ParameterTensor biases;

  ReferenceLstm(Architecture architecture, int index, double[] parameters) {
    this.layer = (Lstm) architecture.layers().get(index);
    this.parameters = parameters;
    this.ofInput = ReferenceNetwork.tensor(architecture, index + "_W");
    this.ofUnits = ReferenceNetwork.tensor(architecture, index + "_RW");
    this.biases = ReferenceNetwork.tensor(architecture, index + "_b");
  }

  /** Channel-major, as everything between layers of the reference. */
  double[] outputs(double[] input, Shape in) {
    int steps = in.height();
    int width = in.width();
    int units = layer.units();
    int features = input.length / steps;
    double[] cells = new double[units];
    double[] hidden = new double[units];
    double[] all = new double[units * steps];
    for (int step = 0; step < steps; step++) {
      double[] read = new double[features];
      for (int f = 0; f < features; f++) {
        read[f] = input[(f / width * steps + step) * width + f % width];
      }
      double[] next = new double[units];
      for (int u = 0; u < units; u++) {
        double cellInput = Math.tanh(sum(u, read, hidden));
        double forget = logistic(sum(units + u, read, hidden));
        double output = logistic(sum(2 * units + u, read, hidden));
        double gate = logistic(sum(3 * units + u, read, hidden));
        cells[u] = forget * cells[u] + gate * cellInput;
        next[u] = output * Math.tanh(cells[u]);
        all[u * steps + step] = next[u];
      }
      hidden = next;
    }
    return layer.output() == Lstm.Steps.ALL ? all : Arrays.copyOf(hidden, units);
  }

  private double sum(int row, double[] read, double[] hidden) {
    double sum = parameters[biases.offset() + row];
    for (int i = 0; i < read.length; i++) {
      sum += parameters[ofInput.offset() + row * read.length + i] * read[i];
    }
    for (int i = 0; i < hidden.length; i++) {
      sum += parameters[ofUnits.offset() + row * hidden.length + i] * hidden[i];
    }
    return sum;
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
