package dev.pare.layers;

import static java.util.stream.Collectors.groupingBy;

import dev.pare.graph.Convolution;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A convolution whose filters each read one channel: for each weight one loop over a whole plane.
 *
 * <p>A channel is copied with its padding to {@code [phase][y][x][example]}, where a phase has the
 * rows and columns that lie a stride apart. What a weight is multiplied by, for all places of the
 * output, is then one contiguous line that begins at a place of its own. The lines go on over the
 * ends of rows; what comes of that lies between the rows of the output and is left out.
 */
final class DepthwiseConvolutionPass extends LayerPass {
  /**
   * Numbers of a line that are worked on with all weights before the next. They are copied to the
   * beginning of an array first: C2 vectorizes no loop whose operands are at distances that it does
   * not know.
   */
  private static final int BLOCK = 1024;

  private static final int MOST_PRODUCTS = 9;

  private final Convolution layer;
  private final Window vertical;
  private final Window horizontal;
  private final LayerPass input;
  private final int weights;
  private final int biases;
  private final int channelFilters;
  private final int taps;

  /** Phases along each side that some weight reads, and rows and columns of each. */
  private final int verticalPhases;

  private final int horizontalPhases;
  private final int rows;
  private final int columns;

  /** From the first place of the output to behind the last. */
  private final int places;

  /** From the first place of a phase to the last at which a weight's line may begin. */
  private final int reach;

  /** Where each weight's line begins among all phases. */
  private final int[] begins;

  /** Neighbouring columns of the input that are neighbours in the plane, too. */
  private final int run;

  private final int[] inputColumns;

  /** All weights, and those that read each phase. */
  private final int[] all;

  private final int[][] readers;

  private final float[] plane;
  private float[] planeGradient = {};

  /**
   * A filter's output; in the backward pass its gradient, with zeros before, between and behind.
   */
  private final float[] line;

  /** Blocks of a filter's output, and of what its weights are multiplied by. */
  private final float[] sums = new float[BLOCK];

  private final float[] shifted = new float[4 * BLOCK];

  /** Of some weights at a time, products for each number of a block. */
  private final float[][] products;

  /**
   * @param shape of the output
   * @param weights index of the first weight among the parameters; the biases follow the weights
   */
  DepthwiseConvolutionPass(
      Convolution layer, LayerPass input, Shape shape, int weights, int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.vertical = layer.vertical();
    this.horizontal = layer.horizontal();
    this.input = input;
    this.weights = weights;
    this.channelFilters = layer.filters() / layer.groups();
    this.taps = layer.area();
    this.biases = weights + taps * layer.filters();
    this.verticalPhases = Math.min(vertical.stride(), vertical.span());
    this.horizontalPhases = Math.min(horizontal.stride(), horizontal.span());
    this.rows = lines(input.shape().height(), vertical);
    this.columns = lines(input.shape().width(), horizontal);
    this.places = (shape.height() - 1) * columns + shape.width();
    this.reach =
        (vertical.span() - 1) / vertical.stride() * columns
            + (horizontal.span() - 1) / horizontal.stride();
    this.run = horizontal.stride() == 1 ? input.shape().width() : 1;
    this.inputColumns =
        IntStream.range(0, input.shape().width())
            .map(x -> column(x + horizontal.before()))
            .toArray();
    this.all = IntStream.range(0, taps).toArray();
    this.begins = IntStream.of(all).map(this::begin).toArray();
    Map<Integer, List<Integer>> ofPhases =
        IntStream.of(all).boxed().collect(groupingBy(tap -> begins[tap] / (rows * columns)));
    this.readers = new int[Math.multiplyExact(verticalPhases, horizontalPhases)][];
    Arrays.setAll(
        readers,
        phase ->
            ofPhases.getOrDefault(phase, List.of()).stream().mapToInt(Integer::intValue).toArray());
    this.products = new float[Math.min(taps, MOST_PRODUCTS)][BLOCK];
    this.plane = new float[Math.multiplyExact(planePlaces(), largestBatch)];
    this.line = new float[Math.multiplyExact(places + 2 * reach, largestBatch)];
  }

  /** Rows or columns of a phase. */
  private static int lines(int side, Window window) {
    return (side + window.before() + window.after() - 1) / window.stride() + 1;
  }

  private int planePlaces() {
    return Math.multiplyExact(readers.length, Math.multiplyExact(rows, columns));
  }

  private int begin(int tap) {
    return row(tap / horizontal.kernel() * vertical.dilation())
        + column(tap % horizontal.kernel() * horizontal.dilation());
  }

  /** Where a row of the padded input begins in the plane, or −1 if no weight reads it. */
  private int row(int y) {
    int phase = y % vertical.stride();
    return phase < verticalPhases
        ? (phase * horizontalPhases * rows + y / vertical.stride()) * columns
        : -1;
  }

  /** What a column of the padded input adds to the row's place, or −1 if no weight reads it. */
  private int column(int x) {
    int phase = x % horizontal.stride();
    return phase < horizontalPhases ? phase * rows * columns + x / horizontal.stride() : -1;
  }

  @Override
  long floatsAnExample(Mode mode) {
    boolean inputGradient = mode == Mode.TRAINING && !(input instanceof InputPass);
    long planes = (inputGradient ? 2L : 1L) * planePlaces();
    return super.floatsAnExample(mode) + planes + places + 2L * reach;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    Arrays.fill(plane, 0, planePlaces() * batch, 0);
    int row = shape().width() * batch;
    for (int f = 0; f < layer.filters(); f++) {
      if (f % channelFilters == 0) {
        fillPlane(f / channelFilters, batch);
      }
      Arrays.fill(line, 0, places * batch, 0);
      for (int from = 0; from < places * batch; from += BLOCK) {
        int length = Math.min(BLOCK, places * batch - from);
        addProducts(parameters, f, all, plane, from, 1, batch, line, from, length);
      }
      for (int y = 0; y < shape().height(); y++) {
        int out = (y * layer.filters() + f) * row;
        System.arraycopy(line, y * columns * batch, output(), out, row);
        RowActivation.forward(layer.activation(), parameters[biases + f], output(), out, row);
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    boolean inputGradient = !(input instanceof InputPass);
    if (inputGradient && planeGradient.length == 0) {
      planeGradient = new float[plane.length];
    }
    Arrays.fill(gradient, biases, biases + layer.filters(), 0);
    Arrays.fill(line, 0, (places + 2 * reach) * batch, 0);
    Arrays.fill(plane, 0, planePlaces() * batch, 0);
    for (int f = 0; f < layer.filters(); f++) {
      int channel = f / channelFilters;
      if (f % channelFilters == 0) {
        fillPlane(channel, batch);
        Arrays.fill(planeGradient, 0, inputGradient ? planePlaces() * batch : 0, 0);
      }
      fillLine(gradient, f, batch);
      weightGradient(gradient, f, batch);
      if (inputGradient) {
        addInputGradient(parameters, f, batch);
        if ((f + 1) % channelFilters == 0) {
          foldBack(channel, batch);
        }
      }
    }
  }

  /** The gradient of a filter's sums to its places in the line, and its total to the bias's. */
  private void fillLine(float[] gradient, int filter, int batch) {
    int row = shape().width() * batch;
    for (int y = 0; y < shape().height(); y++) {
      int out = (y * layer.filters() + filter) * row;
      gradient[biases + filter] +=
          RowActivation.backward(layer.activation(), output(), outputGradient(), out, row);
      System.arraycopy(outputGradient(), out, line, (reach + y * columns) * batch, row);
    }
  }

  private void addInputGradient(float[] parameters, int filter, int batch) {
    int length = (places + reach) * batch;
    for (int phase = 0; phase < readers.length; phase++) {
      int to = phase * rows * columns;
      for (int from = 0; from < length; from += BLOCK) {
        addProducts(
            parameters,
            filter,
            readers[phase],
            line,
            (to + reach) * batch + from,
            -1,
            batch,
            planeGradient,
            to * batch + from,
            Math.min(BLOCK, length - from));
      }
    }
  }

  /**
   * Adds the products of a filter's weights with lines that begin {@code direction·begins} places
   * after {@code fromAt}, at most a block.
   */
  private void addProducts(
      float[] parameters,
      int filter,
      int[] of,
      float[] from,
      int fromAt,
      int direction,
      int batch,
      float[] to,
      int toAt,
      int length) {
    int first = weights + filter * taps;
    int step = direction * batch;
    System.arraycopy(to, toAt, sums, 0, length);
    int i = 0;
    for (; i + 4 <= of.length; i += 4) {
      for (int k = 0; k < 4; k++) {
        System.arraycopy(from, fromAt + begins[of[i + k]] * step, shifted, k * BLOCK, length);
      }
      addFour(
          parameters[first + of[i]],
          parameters[first + of[i + 1]],
          parameters[first + of[i + 2]],
          parameters[first + of[i + 3]],
          shifted,
          sums,
          length);
    }
    for (; i < of.length; i++) {
      System.arraycopy(from, fromAt + begins[of[i]] * step, shifted, 0, length);
      addOne(parameters[first + of[i]], shifted, sums, length);
    }
    System.arraycopy(sums, 0, to, toAt, length);
  }

  private static void addFour(
      float w0, float w1, float w2, float w3, float[] from, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] +=
          (w0 * from[i] + w1 * from[BLOCK + i])
              + (w2 * from[2 * BLOCK + i] + w3 * from[3 * BLOCK + i]);
    }
  }

  private static void addOne(float w, float[] from, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += w * from[i];
    }
  }

  /** Writes the gradient of a filter's weights: sums of products of the line and the plane. */
  private void weightGradient(float[] gradient, int filter, int batch) {
    int length = places * batch;
    int used = Math.min(BLOCK, length);
    for (int first = 0; first < taps; first += products.length) {
      int count = Math.min(products.length, taps - first);
      for (int i = 0; i < count; i++) {
        Arrays.fill(products[i], 0, used, 0);
      }
      for (int from = 0; from < length; from += BLOCK) {
        int size = Math.min(BLOCK, length - from);
        System.arraycopy(line, reach * batch + from, sums, 0, size);
        for (int i = 0; i < count; i++) {
          System.arraycopy(plane, begins[first + i] * batch + from, shifted, 0, size);
          multiplyAdd(sums, shifted, products[i], size);
        }
      }
      for (int i = 0; i < count; i++) {
        gradient[weights + filter * taps + first + i] = Sums.of(products[i], 0, used);
      }
    }
  }

  private static void multiplyAdd(float[] one, float[] other, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += one[i] * other[i];
    }
  }

  /** Copies a channel to its places in the plane, whose padding is zero already. */
  private void fillPlane(int channel, int batch) {
    Shape s = input.shape();
    for (int y = 0; y < s.height(); y++) {
      int from = (y * s.channels() + channel) * s.width() * batch;
      int row = row(y + vertical.before());
      for (int x = 0; row >= 0 && x < s.width(); x += run) {
        if (inputColumns[x] >= 0) {
          int to = (row + inputColumns[x]) * batch;
          System.arraycopy(input.output(), from + x * batch, plane, to, run * batch);
        }
      }
    }
  }

  /** Copies the plane's gradient to a channel's; it is zero where no weight reads. */
  private void foldBack(int channel, int batch) {
    Shape s = input.shape();
    for (int y = 0; y < s.height(); y++) {
      int to = (y * s.channels() + channel) * s.width() * batch;
      int row = row(y + vertical.before());
      for (int x = 0; x < s.width(); x += run) {
        int at = to + x * batch;
        if (row >= 0 && inputColumns[x] >= 0) {
          int from = (row + inputColumns[x]) * batch;
          System.arraycopy(planeGradient, from, input.outputGradient(), at, run * batch);
        } else {
          Arrays.fill(input.outputGradient(), at, at + run * batch, 0);
        }
      }
    }
  }
}
