package dev.pare.graph;

import java.util.Arrays;

/** Gated recurrent units as PyTorch documents them, a number after the other. */
final class ReferenceGru {
  private ReferenceGru() {}

  static double[] outputs(
      Architecture architecture, int index, Gru layer, double[] parameters, double[] input) {
    Shape in = architecture.inputShape(index);
    int units = layer.units();
    int features = in.channels() * in.width();
    double[] hidden = new double[units];
    double[] all = new double[units * in.height()];
    for (int step = 0; step < in.height(); step++) {
      double[] read = new double[features];
      for (int f = 0; f < features; f++) {
        int channel = f / in.width();
        read[f] = input[(channel * in.height() + step) * in.width() + f % in.width()];
      }
      double[] next = new double[units];
      for (int u = 0; u < units; u++) {
        double[] x = new double[3];
        double[] h = new double[3];
        for (int gate = 0; gate < 3; gate++) {
          int row = gate * units + u;
          x[gate] =
              value(architecture, parameters, index + "_b", row)
                  + product(architecture, parameters, index + "_W", row, read);
          h[gate] = product(architecture, parameters, index + "_RW", row, hidden);
        }
        double z = 1 / (1 + Math.exp(-x[0] - h[0]));
        double r = 1 / (1 + Math.exp(-x[1] - h[1]));
        double own = value(architecture, parameters, index + "_Rb", u);
        double n = Math.tanh(x[2] + r * (h[2] + own));
        next[u] = (1 - z) * n + z * hidden[u];
        all[u * in.height() + step] = next[u];
      }
      hidden = next;
    }
    return layer.output() == Lstm.Steps.ALL ? all : Arrays.copyOf(hidden, units);
  }

  private static double value(
      Architecture architecture, double[] parameters, String tensor, int index) {
    return parameters[ReferenceNetwork.tensor(architecture, tensor).offset() + index];
  }

  private static double product(
      Architecture architecture, double[] parameters, String tensor, int row, double[] with) {
    double sum = 0;
    for (int i = 0; i < with.length; i++) {
      sum += value(architecture, parameters, tensor, row * with.length + i) * with[i];
    }
    return sum;
  }
}
