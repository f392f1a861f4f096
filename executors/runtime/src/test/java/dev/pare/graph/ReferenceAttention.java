package dev.pare.graph;

/** Layer normalization and self-attention for one example, place by place, in double precision. */
final class ReferenceAttention {
  private ReferenceAttention() {}

  static double[] outputs(
      Architecture architecture, int index, double[] parameters, double[] values) {
    Shape shape = architecture.inputShape(index);
    int places = shape.height() * shape.width();
    double[][] tokens = new double[places][shape.channels()];
    for (int i = 0; i < values.length; i++) {
      tokens[i % places][i / places] = values[i];
    }
    double[][] results =
        architecture.layers().get(index) instanceof SelfAttention attention
            ? attend(architecture, index, attention, parameters, tokens)
            : normalize(architecture, index, parameters, tokens);
    double[] flat = new double[values.length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = results[i % places][i / places];
    }
    return flat;
  }

  private static double[][] normalize(
      Architecture architecture, int index, double[] parameters, double[][] tokens) {
    double epsilon = ((LayerNormalization) architecture.layers().get(index)).epsilon();
    int gamma = ReferenceNetwork.tensor(architecture, index + "_gamma").offset();
    int beta = ReferenceNetwork.tensor(architecture, index + "_beta").offset();
    double[][] results = new double[tokens.length][tokens[0].length];
    for (int t = 0; t < tokens.length; t++) {
      double mean = 0;
      for (double value : tokens[t]) {
        mean += value / tokens[t].length;
      }
      double variance = 0;
      for (double value : tokens[t]) {
        variance += (value - mean) * (value - mean) / tokens[t].length;
      }
      for (int c = 0; c < tokens[t].length; c++) {
        double normalized = (tokens[t][c] - mean) / Math.sqrt(variance + epsilon);
        results[t][c] = parameters[gamma + c] * normalized + parameters[beta + c];
      }
    }
    return results;
  }

  private static double[][] attend(
      Architecture architecture,
      int index,
      SelfAttention attention,
      double[] parameters,
      double[][] tokens) {
    int heads = attention.heads();
    double[][] queries = project(architecture, index + "_Wq", parameters, tokens);
    boolean biased = attention.biases() == SelfAttention.Biases.TRAINED;
    if (biased) {
      add(architecture, index + "_bq", parameters, queries);
    }
    double[][] keys = project(architecture, index + "_Wk", parameters, tokens);
    double[][] values = project(architecture, index + "_Wv", parameters, tokens);
    int each = attention.width() == 0 ? tokens[0].length / heads : attention.width();
    double[][] mixed = new double[tokens.length][heads * each];
    for (int head = 0; head < heads; head++) {
      for (int t = 0; t < tokens.length; t++) {
        double[] weights = new double[tokens.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < tokens.length; s++) {
          double score = 0;
          for (int c = head * each; c < (head + 1) * each; c++) {
            score += queries[t][c] * keys[s][c];
          }
          weights[s] = score / Math.sqrt(each);
          largest = Math.max(largest, weights[s]);
        }
        double sum = 0;
        for (int s = 0; s < tokens.length; s++) {
          weights[s] = Math.exp(weights[s] - largest);
          sum += weights[s];
        }
        for (int s = 0; s < tokens.length; s++) {
          for (int c = head * each; c < (head + 1) * each; c++) {
            mixed[t][c] += weights[s] / sum * values[s][c];
          }
        }
      }
    }
    double[][] results = project(architecture, index + "_Wo", parameters, mixed);
    if (biased) {
      add(architecture, index + "_bo", parameters, results);
    }
    return results;
  }

  private static void add(
      Architecture architecture, String name, double[] parameters, double[][] to) {
    int biases = ReferenceNetwork.tensor(architecture, name).offset();
    for (double[] token : to) {
      for (int c = 0; c < token.length; c++) {
        token[c] += parameters[biases + c];
      }
    }
  }

  private static double[][] project(
      Architecture architecture, String name, double[] parameters, double[][] tokens) {
    ParameterTensor weight = ReferenceNetwork.tensor(architecture, name);
    double[][] results = new double[tokens.length][weight.rows()];
    for (int t = 0; t < tokens.length; t++) {
      for (int row = 0; row < weight.rows(); row++) {
        for (int c = 0; c < weight.columns(); c++) {
          results[t][row] +=
              parameters[weight.offset() + row * weight.columns() + c] * tokens[t][c];
        }
      }
    }
    return results;
  }
}
