package dev.pare.layers;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The three products of a layer {@code out = W·in}, {@code W} a matrix of which few entries are
 * other than zero: over those alone, in plain loops over rows of examples, whose bits are the same
 * on every machine. Which products are made this way follows from the shares of such weights alone,
 * never from a clock.
 *
 * <p>A row of {@code in} or {@code out} is one number of all examples.
 */
final class SparseProducts {
  /**
   * Shares of weights up to which a product over them is the faster one, beside OpenBLAS on Zen 5
   * with AVX-512, for 300 units of 784 inputs and batches of 64 and 256. In the weights' gradient
   * each is a sum over examples, which HotSpot does not make wide.
   */
  private static final double FEW_FOR_OUTPUT = 0.2;

  private static final double FEW_FOR_GRADIENT = 0.12;

  private static final int LONG_PART = PieceRows.LONG / 4;
  private static final int SHORT_PART = PieceRows.SHORT / 2;

  private final int[] places;
  private final int inputs;
  private final int units;
  private final int weights;

  /** What {@link #choose} was told last. */
  private int[] chosen = {};

  /** Indices among the parameters, unit by unit. */
  private int[] at = {};

  private int[] unitStarts = {};

  /** Of each of these, the row that it multiplies. */
  private int[] rowOf = {};

  /** The same weights input by input, and the unit of each. */
  private int[] byInput = {};

  private int[] inputStarts = {};
  private int[] unitOf = {};
  private int[] liveInputs = {};
  private boolean outputs;
  private boolean gradients;

  private float[] sum = {};
  private final float[] part0 = new float[LONG_PART];
  private final float[] part1 = new float[LONG_PART];
  private final float[] part2 = new float[LONG_PART];
  private final float[] part3 = new float[LONG_PART];
  private final float[] dots = new float[4];

  /**
   * @param weights index of the first among the parameters, {@code [units][inputs]}
   */
  SparseProducts(int inputs, int units, int weights) {
    this(IntStream.range(0, inputs).toArray(), units, weights);
  }

  /**
   * @param places of each input, the number of its row
   * @param weights index of the first among the parameters, {@code [units][inputs]}
   */
  SparseProducts(int[] places, int units, int weights) {
    this.places = places;
    this.inputs = places.length;
    this.units = units;
    this.weights = weights;
  }

  /**
   * Decides which products to make.
   *
   * @param live ascending, what of the network's weights may be other than zero; none if that is
   *     not known
   */
  void choose(int[] live) {
    if (live == chosen) {
      return;
    }
    chosen = live;
    int from = insertion(live, weights);
    int to = insertion(live, weights + inputs * units);
    double share = (to - from) / ((double) inputs * units);
    outputs = live.length > 0 && share <= FEW_FOR_OUTPUT;
    gradients = outputs && share <= FEW_FOR_GRADIENT;
    if (outputs) {
      at = Arrays.copyOfRange(live, from, to);
      index();
    }
  }

  private static int insertion(int[] sorted, int value) {
    int at = Arrays.binarySearch(sorted, value);
    return at < 0 ? -at - 1 : at;
  }

  private void index() {
    unitStarts = new int[units + 1];
    inputStarts = new int[inputs + 1];
    rowOf = new int[at.length];
    for (int k = 0; k < at.length; k++) {
      int input = (at[k] - weights) % inputs;
      rowOf[k] = places[input];
      unitStarts[(at[k] - weights) / inputs + 1]++;
      inputStarts[input + 1]++;
    }
    Arrays.parallelPrefix(unitStarts, Integer::sum);
    Arrays.parallelPrefix(inputStarts, Integer::sum);
    int[] next = inputStarts.clone();
    byInput = new int[at.length];
    unitOf = new int[at.length];
    for (int weight : at) {
      int place = next[(weight - weights) % inputs]++;
      byInput[place] = weight;
      unitOf[place] = (weight - weights) / inputs;
    }
    liveInputs =
        IntStream.range(0, inputs).filter(i -> inputStarts[i + 1] > inputStarts[i]).toArray();
  }

  /** Whether {@link #output} and {@link #inputGradient} are to be used. */
  boolean makesOutputs() {
    return outputs;
  }

  /** Whether {@link #weightGradient} is to be used. */
  boolean makesGradients() {
    return gradients;
  }

  /** The inputs that some weight reads, ascending. */
  int[] liveInputs() {
    return liveInputs;
  }

  /**
   * {@code out = W·in}.
   *
   * @param in a row for each input at its place after {@code first}, of which those of {@link
   *     #liveInputs} are read
   * @param out written, {@code [unit][row]} from {@code outAt} on
   */
  void output(float[] parameters, PieceRows in, int first, float[] out, int outAt, int row) {
    for (int p = 0; p < in.count(); p++) {
      float[][] rows = in.piece(p);
      float[] into = sums(rows[0].length);
      for (int u = 0; u < units; u++) {
        Arrays.fill(into, 0);
        combine(parameters, at, rowOf, unitStarts[u], unitStarts[u + 1], rows, first, into);
        System.arraycopy(into, 0, out, outAt + u * row + in.start(p), in.used(p));
      }
    }
  }

  /**
   * {@code inGradient = Wᵀ·outGradient}.
   *
   * @param outGradient a row for each unit
   * @param inGradient written, {@code [input][row]} from {@code inAt} on
   */
  void inputGradient(
      float[] parameters, PieceRows outGradient, float[] inGradient, int inAt, int row) {
    for (int p = 0; p < outGradient.count(); p++) {
      float[][] rows = outGradient.piece(p);
      float[] into = sums(rows[0].length);
      for (int i = 0; i < inputs; i++) {
        Arrays.fill(into, 0);
        combine(parameters, byInput, unitOf, inputStarts[i], inputStarts[i + 1], rows, 0, into);
        int to = inAt + i * row + outGradient.start(p);
        System.arraycopy(into, 0, inGradient, to, outGradient.used(p));
      }
    }
  }

  /**
   * {@code inGradient += Wᵀ·outGradient}.
   *
   * @param outGradient a row for each unit
   * @param inGradient added to, a row for each input at its place after {@code first}
   */
  void addInputGradient(
      float[] parameters, PieceRows outGradient, PieceRows inGradient, int first) {
    for (int p = 0; p < outGradient.count(); p++) {
      float[][] rows = outGradient.piece(p);
      float[][] to = inGradient.piece(p);
      for (int i : liveInputs) {
        combine(
            parameters,
            byInput,
            unitOf,
            inputStarts[i],
            inputStarts[i + 1],
            rows,
            0,
            to[first + places[i]]);
      }
    }
  }

  /**
   * The gradient of the weights that may be other than zero; that of others is not touched.
   *
   * @param in a row for each input at its place after {@code first}, of which those of {@link
   *     #liveInputs} are read
   * @param outGradient a row for each unit
   * @param add whether to add to what there is
   */
  void weightGradient(
      PieceRows in, int first, PieceRows outGradient, boolean add, float[] gradient) {
    for (int p = 0; p < in.count(); p++) {
      weightGradient(in.piece(p), first, outGradient.piece(p), add || p > 0, gradient);
    }
  }

  private void weightGradient(
      float[][] in, int first, float[][] outGradient, boolean add, float[] gradient) {
    for (int u = 0; u < units; u++) {
      float[] out = outGradient[u];
      int last = unitStarts[u + 1] - 1;
      for (int k = unitStarts[u]; k <= last; k += 4) {
        // Past the last one, the last one again.
        float[] a = in[first + rowOf[k]];
        float[] b = in[first + rowOf[Math.min(k + 1, last)]];
        float[] c = in[first + rowOf[Math.min(k + 2, last)]];
        float[] d = in[first + rowOf[Math.min(k + 3, last)]];
        if (out.length == PieceRows.LONG) {
          multiplyLong(out, a, b, part0, part1);
          multiplyLong(out, c, d, part2, part3);
        } else {
          multiplyShort(out, a, b, part0, part1);
          multiplyShort(out, c, d, part2, part3);
        }
        addUp(out.length == PieceRows.LONG ? LONG_PART : SHORT_PART);
        for (int j = 0; j < 4 && k + j <= last; j++) {
          gradient[at[k + j]] = add ? gradient[at[k + j]] + dots[j] : dots[j];
        }
      }
    }
  }

  /** Two sums for each, as the next addition would wait for the last. */
  private void addUp(int count) {
    int half = count / 2;
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    for (int i = 0; i < half; i++) {
      a += part0[i];
      b += part1[i];
      c += part2[i];
      d += part3[i];
      e += part0[i + half];
      f += part1[i + half];
      g += part2[i + half];
      h += part3[i + half];
    }
    dots[0] = a + e;
    dots[1] = b + f;
    dots[2] = c + g;
    dots[3] = d + h;
  }

  // Distances within an array must be constants, or HotSpot does not make the loop wide.

  /** Products of a row with two others, those of each {@value #LONG_PART}-th example added up. */
  private static void multiplyLong(float[] x, float[] y, float[] z, float[] xy, float[] xz) {
    for (int i = 0; i < LONG_PART; i++) {
      float a = x[i];
      float b = x[i + LONG_PART];
      float c = x[i + 2 * LONG_PART];
      float d = x[i + 3 * LONG_PART];
      xy[i] = a * y[i] + b * y[i + LONG_PART] + c * y[i + 2 * LONG_PART] + d * y[i + 3 * LONG_PART];
      xz[i] = a * z[i] + b * z[i + LONG_PART] + c * z[i + 2 * LONG_PART] + d * z[i + 3 * LONG_PART];
    }
  }

  private static void multiplyShort(float[] x, float[] y, float[] z, float[] xy, float[] xz) {
    for (int i = 0; i < SHORT_PART; i++) {
      float a = x[i];
      float b = x[i + SHORT_PART];
      xy[i] = a * y[i] + b * y[i + SHORT_PART];
      xz[i] = a * z[i] + b * z[i + SHORT_PART];
    }
  }

  private float[] sums(int length) {
    if (sum.length != length) {
      sum = new float[length];
    }
    return sum;
  }

  /** Adds rows, each times its weight. */
  private static void combine(
      float[] parameters,
      int[] weights,
      int[] rowOf,
      int from,
      int to,
      float[][] rows,
      int first,
      float[] into) {
    int last = to - 1;
    for (int k = from; k <= last; k += 4) {
      addFour(
          into,
          rows[first + rowOf[k]],
          rows[first + rowOf[Math.min(k + 1, last)]],
          rows[first + rowOf[Math.min(k + 2, last)]],
          rows[first + rowOf[Math.min(k + 3, last)]],
          parameters[weights[k]],
          k + 1 <= last ? parameters[weights[k + 1]] : 0,
          k + 2 <= last ? parameters[weights[k + 2]] : 0,
          k + 3 <= last ? parameters[weights[k + 3]] : 0);
    }
  }

  private static void addFour(
      float[] into,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float p,
      float q,
      float r,
      float s) {
    for (int i = 0; i < into.length; i++) {
      into[i] += p * a[i] + q * b[i] + r * c[i] + s * d[i];
    }
  }
}
