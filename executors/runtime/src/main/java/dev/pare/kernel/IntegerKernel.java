package dev.pare.kernel;

import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Activation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Layer;
import dev.pare.graph.Quantization;
import dev.pare.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An {@link IntegerLayer}, to the bit. It reads and makes the floats that levels stand for; between
 * them whole numbers are added in floats, which is exact while sums stay below 2^24, so many inputs
 * at a time that they do.
 */
final class IntegerKernel implements Kernel {
  private final IntegerLayer layer;

  /** What is made of a step, 1 where there are none. */
  private final float unit;

  /** Of each row in what is made. */
  private final int places;

  private final List<Part> parts = new ArrayList<>();

  /**
   * Sums of the products of some of the inputs.
   *
   * @param from the first of them
   * @param to after the last one
   */
  private record Part(Kernel sums, int from, int to) {
    boolean isAll(int inputs) {
      return from == 0 && to == inputs;
    }
  }

  /**
   * @param input shape of what it reads
   * @param output shape of what the layer makes
   */
  IntegerKernel(IntegerLayer layer, Shape input, Shape output) {
    this.layer = layer;
    this.unit = layer.output().map(Quantization::scale).orElse(1f);
    this.places = output.size() / layer.levels().rows();
    int area = layer.layer() instanceof Convolution convolution ? convolution.area() : 1;
    int columns = layer.levels().columns();
    for (int from = 0; from < columns; ) {
      int to = end(from, area);
      boolean isWhole = from == 0 && to == columns;
      int inputs = input.size() / (columns / area);
      parts.add(
          isWhole
              ? new Part(sums(0, columns, input, output), 0, input.size())
              : new Part(
                  sums(from, to, shape(input, (to - from) / area), output),
                  from / area * inputs,
                  to / area * inputs));
      from = to;
    }
  }

  /** The column from which on products might make sums too large for floats, or the last one. */
  private int end(int from, int area) {
    LevelMatrix levels = layer.levels();
    boolean isGrouped = layer.layer() instanceof Convolution c && c.groups() > 1;
    if (isGrouped) {
      return levels.columns();
    }
    long[] sums = new long[levels.rows()];
    for (int end = from; end < levels.columns(); end += area) {
      for (int row = 0; row < sums.length; row++) {
        sums[row] += layer.largestSum(row, end, end + area);
        if (sums[row] > IntegerLayer.EXACT && end > from) {
          return end;
        }
      }
    }
    return levels.columns();
  }

  private Kernel sums(int from, int to, Shape input, Shape output) {
    LevelMatrix levels = layer.levels();
    int rows = levels.rows();
    float[] values = new float[rows * (to - from)];
    for (int row = 0; row < rows; row++) {
      for (int column = from; column < to; column++) {
        values[row * (to - from) + column - from] = levels.at(row * levels.columns() + column);
      }
    }
    List<Matrix> parameters =
        List.of(
            Matrices.packed(rows, to - from, values), Matrices.packed(1, rows, new float[rows]));
    Layer plain = layer.layer().withActivation(Activation.IDENTITY);
    return Kernels.of(plain, new Place(List.of(input), output, parameters));
  }

  /** Of so many channels, or of so many numbers where a dense layer reads them. */
  private Shape shape(Shape input, int count) {
    return layer.layer() instanceof Dense
        ? new Shape(count, 1, 1)
        : new Shape(count, input.height(), input.width());
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] steps = new float[inputs[0].length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = steps(inputs[0][i]);
    }
    int[] sums = new int[output.length];
    for (Part part : parts) {
      float[] read =
          part.isAll(steps.length) ? steps : Arrays.copyOfRange(steps, part.from, part.to);
      float[] products = new float[output.length];
      part.sums.run(new float[][] {read}, products);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += (int) products[i];
      }
    }
    for (int i = 0; i < output.length; i++) {
      output[i] = made(sums[i], i / places);
    }
    finish(output);
  }

  @Override
  public void runAll(float[][][] inputs, float[][] output) {
    int examples = output[0].length;
    float[][] steps = new float[inputs[0].length][examples];
    for (int i = 0; i < steps.length; i++) {
      for (int e = 0; e < examples; e++) {
        steps[i][e] = steps(inputs[0][i][e]);
      }
    }
    int[][] sums = new int[output.length][examples];
    for (Part part : parts) {
      float[][] read =
          part.isAll(steps.length) ? steps : Arrays.copyOfRange(steps, part.from, part.to);
      float[][] products = new float[output.length][examples];
      part.sums.runAll(new float[][][] {read}, products);
      for (int i = 0; i < sums.length; i++) {
        for (int e = 0; e < examples; e++) {
          sums[i][e] += (int) products[i][e];
        }
      }
    }
    for (int i = 0; i < output.length; i++) {
      for (int e = 0; e < examples; e++) {
        output[i][e] = made(sums[i][e], i / places);
      }
      finish(output[i]);
    }
  }

  /** How many steps above zero a level is that a float stands for. */
  private float steps(float value) {
    return (float) Math.rint(value / layer.input().scale());
  }

  private float made(int products, int row) {
    float made = layer.made(products + layer.biases()[row], row);
    return made * unit;
  }

  private void finish(float[] numbers) {
    if (layer.output().isEmpty()) {
      Activations.apply(layer.layer().activation(), numbers);
    }
  }
}
