package dev.pare.onnx;

import dev.pare.graph.Activation;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.Concatenation;
import dev.pare.graph.MatrixProduct;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Softmax;
import dev.pare.graph.ZeroPadding;
import dev.pare.onnx.Flow.Readers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Layers of several inputs: side by side, number by number, or as products of matrices. */
final class Joins {
  private final NetworkBuilder builder;
  private final Arrangement arrangement;
  private final Map<Joined, Flow> concatenations = new IdentityHashMap<>();
  private final Map<Scores, Flow> products = new IdentityHashMap<>();

  Joins(NetworkBuilder builder, Arrangement arrangement) {
    this.builder = builder;
    this.arrangement = arrangement;
  }

  /** What flows, as soon as something reads it that needs a layer's output. */
  Flow made(Value value) {
    if (value instanceof Joined joined) {
      return concatenated(joined);
    }
    return value instanceof Scores scores
        ? products.computeIfAbsent(scores, this::product)
        : (Flow) value;
  }

  private Flow product(Scores scores) {
    Flow products = product(scores.queries(), scores.keys());
    if (scores.factor() != 1) {
      Affine same = Affine.identity(products.shape().size());
      Arrays.fill(same.factor(), scores.factor());
      products = products.withAffine(same);
    }
    if (scores.stage() == Scores.Stage.SHARES) {
      Flow read = builder.settled(products);
      IndexMap seen = read.seen();
      products = builder.add(read, new Softmax(Softmax.Form.SHARES), read.shape(), seen);
    }
    return products;
  }

  /**
   * Products of the matrices that the last two axes are; others are repeated where they are 1.
   *
   * @throws OnnxException if their sides do not fit
   */
  Flow product(Flow one, Flow other) {
    int[] a = one.dims();
    int[] b = other.dims();
    if (Math.min(a.length, b.length) < 2 || a[a.length - 1] != b[b.length - 2]) {
      throw new OnnxException("of %s and %s".formatted(Dimensions.text(a), Dimensions.text(b)));
    }
    int[] outer =
        Dimensions.broadcast(Arrays.copyOf(a, a.length - 2), Arrays.copyOf(b, b.length - 2));
    if (outer.length == 0) {
      throw new OnnxException(
          "of %s and %s, whose first side is the batch's, is not supported"
              .formatted(Dimensions.text(a), Dimensions.text(b)));
    }
    int rows = a[a.length - 2];
    int inner = a[a.length - 1];
    int columns = b[b.length - 1];
    Flow first = matrices(one, outer, Columns.CHANNELS);
    // What is beside each other in a row are channels, if it is they that are multiplied.
    Flow clean = builder.settled(other);
    boolean transposed =
        inner > 1 && clean.place(columns) / clean.area() != clean.place(0) / clean.area();
    Flow second = matrices(clean, outer, transposed ? Columns.PLACES : Columns.CHANNELS);
    int height = Math.max(first.shape().height(), second.shape().height());
    Shape shape = new Shape(columns, height, rows);
    int[] dims = Arrays.copyOf(outer, outer.length + 2);
    dims[outer.length] = rows;
    dims[outer.length + 1] = columns;
    int[] order = new int[Dimensions.computed(dims)];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % columns * shape.places() + i / columns;
    }
    MatrixProduct.Form form = transposed ? MatrixProduct.Form.TRANSPOSED : MatrixProduct.Form.PLAIN;
    return builder.add(
        List.of(first, second), new MatrixProduct(form), shape, new IndexMap(dims, order));
  }

  /** What the numbers of a matrix's row are. */
  private enum Columns {
    CHANNELS,
    PLACES
  }

  /** Matrices as rows of an image: one for all, or one for each of the outer axes' indices. */
  private Flow matrices(Flow read, int[] outer, Columns columns) {
    Flow flow = builder.settled(read);
    int[] dims = flow.dims();
    int rows = dims[dims.length - 2];
    int length = dims[dims.length - 1];
    int[] own = Arrays.copyOf(dims, dims.length - 2);
    int[] from = Dimensions.size(own) == 1 ? new int[1] : Dimensions.stretched(own, outer);
    boolean channels = columns == Columns.CHANNELS;
    Shape shape = new Shape(channels ? length : rows, from.length, channels ? rows : length);
    int[] sources = new int[Dimensions.computed(shape.channels(), shape.height(), shape.width())];
    for (int i = 0; i < sources.length; i++) {
      int channel = i / shape.places();
      int place = i % shape.width();
      int matrix = from[i / shape.width() % shape.height()];
      int row = matrix * rows + (channels ? place : channel);
      sources[i] = flow.place(row * length + (channels ? channel : place));
    }
    return arrangement.rearranged(flow, sources, shape, IndexMap.reshaped(shape.size()));
  }

  /** Outputs of several layers, the channels of one behind those of the other. */
  Flow concatenated(Joined joined) {
    Flow known = concatenations.get(joined);
    if (known != null) {
      return known;
    }
    List<Flow> settled = joined.parts().stream().map(builder::settled).toList();
    List<Flow> parts =
        settled.stream().map(part -> arrangement.aligned(part, settled.get(0))).toList();
    Shape first = parts.get(0).shape();
    int[] order = order(joined, parts);
    Shape flat = new Shape(order.length, 1, 1);
    boolean alike =
        parts.stream()
            .map(Flow::shape)
            .allMatch(s -> s.height() == first.height() && s.width() == first.width());
    // Parts of one shape may still have their places in different orders.
    if (!alike || Distances.regular(flat, order, flat).isEmpty()) {
      parts = parts.stream().map(part -> arrangement.along(part, joined.axis())).toList();
      order = order(joined, parts);
    }
    Shape places = parts.get(0).shape();
    int channels = parts.stream().mapToInt(part -> part.shape().channels()).sum();
    Flow made =
        builder
            .add(
                parts,
                new Concatenation(),
                new Shape(channels, places.height(), places.width()),
                new IndexMap(joined.dims(), order))
            .withReaders(joined.readers());
    concatenations.put(joined, made);
    return made;
  }

  /** Where each number of the joined value is if its parts' channels follow each other. */
  private static int[] order(Joined joined, List<Flow> parts) {
    int outer = Dimensions.size(Arrays.copyOf(joined.dims(), joined.axis()));
    int[] order = new int[Dimensions.size(joined.dims())];
    int at = 0;
    for (int o = 0; o < outer; o++) {
      int before = 0;
      for (Flow part : parts) {
        int length = part.shape().size() / outer;
        for (int i = o * length; i < (o + 1) * length; i++) {
          order[at++] = before + part.place(i);
        }
        before += part.shape().size();
      }
    }
    return order;
  }

  /** Some numbers of outputs side by side, of which only those are joined that have one of them. */
  Flow select(Joined joined, IndexMap selection) {
    int[] from = selection.from();
    if (from == null || from.length == 0) {
      return concatenated(joined).arranged(selection);
    }
    int[] dims = joined.dims();
    int inner = Dimensions.size(Arrays.copyOfRange(dims, joined.axis() + 1, dims.length));
    int first = dims[joined.axis()];
    int last = 0;
    for (int index : from) {
      first = Math.min(first, index / inner % dims[joined.axis()]);
      last = Math.max(last, index / inner % dims[joined.axis()]);
    }
    List<Flow> parts = new ArrayList<>();
    int start = -1;
    int end = 0;
    for (Flow part : joined.parts()) {
      int side = part.dims()[joined.axis()];
      if (end + side > first && end <= last) {
        start = start < 0 ? end : start;
        parts.add(part);
      }
      end += side;
    }
    if (parts.size() == joined.parts().size()) {
      return arrangement.select(concatenated(joined), selection);
    }
    int side = parts.stream().mapToInt(part -> part.dims()[joined.axis()]).sum();
    int[] sides = dims.clone();
    sides[joined.axis()] = side;
    int[] own = new int[from.length];
    for (int i = 0; i < own.length; i++) {
      int at = from[i] / inner % dims[joined.axis()] - start;
      own[i] = (from[i] / inner / dims[joined.axis()] * side + at) * inner + from[i] % inner;
    }
    Flow found =
        parts.size() == 1
            ? parts.get(0).withReaders(Readers.SEVERAL)
            : concatenated(new Joined(sides, joined.axis(), parts, joined.readers()));
    return arrangement.select(found, new IndexMap(selection.dims(), own));
  }

  /** What two layers make, number by number; the smaller one is repeated. */
  Flow combined(Arithmetic.Operation operation, Flow one, Flow other) {
    int[] dims = Dimensions.broadcast(one.dims(), other.dims());
    Flow first = builder.settled(one);
    Flow second = arrangement.aligned(builder.settled(other), first);
    Optional<Flow> out = seen(first, second, dims);
    if (out.isEmpty()) {
      first = arrangement.inOrder(first);
      second = arrangement.inOrder(second);
      out = seen(first, second, dims);
    }
    if (out.isEmpty() && dims.length <= 4 && (dims.length < 4 || dims[0] == 1)) {
      first = arrangement.plain(first);
      second = arrangement.plain(second);
      out = seen(first, second, dims);
    }
    Shape shape = first.shape();
    if (out.isEmpty()) {
      throw new OnnxException(
          "of %s and %s is not supported: to Pare they are %s and %s, with other numbers side by side"
              .formatted(
                  Dimensions.text(one.dims()),
                  Dimensions.text(other.dims()),
                  shape,
                  second.shape()));
    }
    boolean shortcut =
        operation == Arithmetic.Operation.ADD
            && shape.equals(second.shape())
            && first.layer() >= 0
            && second.layer() >= 0
            && first.layer() != second.layer();
    // A shortcut adds the earlier one to the later.
    boolean turned = shortcut && first.layer() < second.layer();
    return builder.add(
        turned ? List.of(second, first) : List.of(first, second),
        shortcut ? new Shortcut(Activation.IDENTITY) : new Arithmetic(operation),
        out.get().shape(),
        new IndexMap(dims, out.get().order()));
  }

  /**
   * Where Pare has the numbers of what two layers make together; empty if not as {@link Arithmetic}
   * has them.
   */
  private static Optional<Flow> seen(Flow one, Flow other, int[] dims) {
    Shape a = one.shape();
    Shape b = other.shape();
    int channels = Math.max(a.channels(), b.channels());
    int height = Math.max(a.height(), b.height());
    int width = Math.max(a.width(), b.width());
    if ((long) channels * height * width != Dimensions.size(dims)) {
      return Optional.empty();
    }
    int[] ofOne = Dimensions.stretched(one.dims(), dims);
    int[] ofOther = Dimensions.stretched(other.dims(), dims);
    int[] order = new int[ofOne.length];
    BitSet taken = new BitSet();
    for (int i = 0; i < order.length; i++) {
      int p = one.place(ofOne[i]);
      int q = other.place(ofOther[i]);
      int c = along(p / one.area(), a.channels(), q / other.area(), b.channels());
      int y = along(p / a.width() % a.height(), a.height(), q / b.width() % b.height(), b.height());
      int x = along(p % a.width(), a.width(), q % b.width(), b.width());
      if (c < 0 || y < 0 || x < 0) {
        return Optional.empty();
      }
      order[i] = (c * height + y) * width + x;
      taken.set(order[i]);
    }
    Shape shape = new Shape(channels, height, width);
    return taken.cardinality() == order.length
        ? Optional.of(new Flow(-1, shape, dims, order, Readers.ONE, null))
        : Optional.empty();
  }

  /** The place that two inputs have in common along a side; −1 if they have none. */
  private static int along(int one, int ofOne, int other, int ofOther) {
    if (ofOne == ofOther) {
      return one == other ? one : -1;
    }
    return ofOne == 1 ? other : ofOther == 1 ? one : -1;
  }

  /**
   * Constants, a value and constants side by side: zeros around the value, to which they are added.
   *
   * @param axis along which they lie; the value's rows or columns
   * @param before how many constants come first
   * @param dims of all
   * @param constants at their places, row-major; zero where the value is
   */
  Flow joined(Flow read, int axis, int before, int[] dims, float[] constants) {
    Flow flow = inSequence(builder.settled(read), axis);
    Shape s = flow.shape();
    int side = flow.dims()[axis];
    int more = dims[axis] - side;
    boolean rows = isSide(flow, axis, s.height(), s.width());
    if (!rows && !isSide(flow, axis, s.width(), 1)) {
      throw new OnnxException(
          "it joins constants to what the network computes, other than along its rows or columns");
    }
    int after = more - before;
    ZeroPadding zeros =
        rows ? new ZeroPadding(before, after, 0, 0) : new ZeroPadding(0, 0, before, after);
    Shape out =
        new Shape(s.channels(), s.height() + (rows ? more : 0), s.width() + (rows ? 0 : more));
    int step = Dimensions.strides(dims)[axis];
    int[] order = new int[constants.length];
    Affine affine = Affine.identity(order.length);
    for (int i = 0; i < order.length; i++) {
      int along = i / step % dims[axis];
      int within = Math.max(0, Math.min(side - 1, along - before));
      int outer = i / (step * dims[axis]);
      int place = flow.place((outer * side + within) * step + i % step);
      int row = rows ? along : place / s.width() % s.height();
      int column = rows ? place % s.width() : along;
      order[i] = (place / s.places() * out.height() + row) * out.width() + column;
      affine.summand()[order[i]] = constants[i];
    }
    return builder.add(flow, zeros, out, new IndexMap(dims, order)).withAffine(affine);
  }

  /** The same as a sequence along an axis where it is none yet and could be one. */
  private Flow inSequence(Flow flow, int axis) {
    Shape s = flow.shape();
    int[] dims = flow.dims();
    int[] others = IntStream.range(0, dims.length).filter(i -> i != axis && dims[i] > 1).toArray();
    return others.length != 1
            || isSide(flow, axis, s.height(), s.width())
            || isSide(flow, axis, s.width(), 1)
        ? flow
        : arrangement.along(flow, others[0]);
  }

  /** Whether what nodes see along an axis are the numbers, so far apart, of one side. */
  private static boolean isSide(Flow flow, int axis, int side, int apart) {
    if (side != flow.dims()[axis]) {
      return false;
    }
    int step = Dimensions.strides(flow.dims())[axis];
    for (int i = 0; i < flow.shape().size(); i++) {
      if (flow.place(i) / apart % side != i / step % flow.dims()[axis]) {
        return false;
      }
    }
    return true;
  }
}
