package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Crop;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Reversal;
import dev.pare.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Puts numbers where layers, or other numbers, need them: channels, rows and columns in another
 * order, or some of them.
 */
final class Arrangement {
  /** Most pieces that a layer without regular distances is made of. */
  static final int MOST_PIECES = 1 << 16;

  private final NetworkBuilder builder;

  Arrangement(NetworkBuilder builder) {
    this.builder = builder;
  }

  /** The same with its channels, if these are all that is elsewhere, where nodes see them. */
  Flow inOrder(Flow read) {
    if (read.isInOrder()) {
      return read;
    }
    int area = read.area();
    List<Integer> channels = new ArrayList<>();
    for (int i = 0; i < read.shape().size(); i++) {
      int place = read.place(i);
      if (i % area == 0) {
        channels.add(place / area);
      }
      if (place != channels.get(i / area) * area + i % area) {
        return read;
      }
    }
    if (read.affine() != null) {
      return inOrder(builder.settled(read));
    }
    return builder.add(
        read, new ChannelSelection(channels), read.shape(), IndexMap.reshaped(read.dims()));
  }

  /**
   * The same with numbers along some axes as channels and all others as places, in their order.
   *
   * @param channels which axes are
   */
  Flow grouped(Flow read, boolean... channels) {
    Flow flow = builder.settled(builder.normalized(read));
    int[] dims = flow.dims();
    int count = 1;
    for (int axis = 0; axis < dims.length; axis++) {
      count *= channels[axis] ? dims[axis] : 1;
    }
    int places = flow.shape().size() / count;
    int[] order = new int[flow.shape().size()];
    int[] sources = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      int channel = 0;
      int place = 0;
      int rest = order.length;
      for (int axis = 0; axis < dims.length; axis++) {
        rest /= dims[axis];
        int at = i / rest % dims[axis];
        if (channels[axis]) {
          channel = channel * dims[axis] + at;
        } else {
          place = place * dims[axis] + at;
        }
      }
      order[i] = channel * places + place;
      sources[order[i]] = flow.place(i);
    }
    return rearranged(flow, sources, new Shape(count, places, 1), new IndexMap(dims, order));
  }

  /** The same with one axis as channels. */
  Flow along(Flow read, int axis) {
    boolean[] channels = new boolean[read.dims().length];
    channels[axis] = true;
    return grouped(read, channels);
  }

  /** The same as an image, or a sequence, as nodes see it: its second axis are channels. */
  Flow image(Flow read) {
    Flow flow = inOrder(read);
    int[] dims = flow.dims();
    boolean image = dims.length == 3 || dims.length == 4;
    // An input that is read in its order as something else is data of another shape.
    boolean asItIs = flow.layer() < 0 && flow.isInOrder();
    if (asItIs || !image || dims[0] != 1 || Windows.sees(flow)) {
      return flow;
    }
    Flow clean = builder.settled(flow);
    int[] sources = clean.places();
    Shape shape = new Shape(dims[1], dims[2], dims.length == 4 ? dims[3] : 1);
    return rearranged(clean, sources, shape, IndexMap.reshaped(dims));
  }

  /**
   * A layer that has some of a value's numbers, in another order or shape.
   *
   * @param sources for each number that it makes, which one of the value's it is
   * @throws OnnxException if they are in too many pieces
   */
  Flow rearranged(Flow read, int[] sources, Shape shape, IndexMap seen) {
    if (shape.equals(read.shape()) && Flow.isAscending(sources)) {
      return new Flow(read.layer(), shape, seen.dims(), seen.from(), read.readers(), null);
    }
    Optional<Rearrangement> layer = Distances.regular(read.shape(), sources, shape);
    return layer.isPresent()
        ? builder.add(read, layer.get(), shape, seen)
        : byChannels(read, sources, shape, seen);
  }

  /**
   * The same where channels are read in an order that has no regular distances: they are put into
   * it first.
   */
  private Flow byChannels(Flow read, int[] sources, Shape shape, IndexMap seen) {
    Map<Integer, Integer> ranks = new LinkedHashMap<>();
    int area = read.area();
    int[] ordered = new int[sources.length];
    for (int i = 0; i < sources.length; i++) {
      int channel = sources[i] / area;
      ranks.putIfAbsent(channel, ranks.size());
      ordered[i] = ranks.get(channel) * area + sources[i] % area;
    }
    Shape chosen = new Shape(ranks.size(), read.shape().height(), read.shape().width());
    if (Arrays.equals(ordered, sources) || Distances.regular(chosen, ordered, shape).isEmpty()) {
      return byNodes(read, sources, shape, seen);
    }
    Flow channels =
        builder.add(
            read,
            new ChannelSelection(List.copyOf(ranks.keySet())),
            chosen,
            IndexMap.reshaped(chosen.size()));
    return rearranged(channels, ordered, shape, seen);
  }

  /** Some numbers that are at regular distances where nodes see them: all are put there first. */
  private Flow byNodes(Flow read, int[] sources, Shape shape, IndexMap seen) {
    if (read.isInOrder() || sources.length == read.shape().size()) {
      return byBlocks(read, sources, shape, seen);
    }
    Flow whole = plain(read);
    int[] places = new int[read.shape().size()];
    for (int i = 0; i < places.length; i++) {
      places[read.place(i)] = i;
    }
    return rearranged(whole, Arrays.stream(sources).map(i -> places[i]).toArray(), shape, seen);
  }

  /**
   * Any numbers, in runs as long as possible: runs become channels, of which some are selected.
   *
   * @throws OnnxException if there are too many runs to write down
   */
  private Flow byBlocks(Flow read, int[] sources, Shape shape, IndexMap seen) {
    int block = gcd(read.shape().size(), gcd(sources.length, sources[0]));
    for (int i = 1; i < sources.length; i++) {
      if (sources[i] != sources[i - 1] + 1) {
        block = gcd(block, gcd(i, sources[i]));
      }
    }
    int count = sources.length / block;
    if (count > MOST_PIECES) {
      throw new OnnxException(
          "its %s numbers are in %d pieces in what it reads, with no regular distances: more than %d"
              .formatted(Dimensions.text(seen.dims()), count, MOST_PIECES));
    }
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < sources.length; i += block) {
      chosen.add(sources[i] / block);
    }
    int[] all = IntStream.range(0, read.shape().size()).toArray();
    Shape blocks = new Shape(all.length / block, block, 1);
    Flow split = rearranged(read, all, blocks, IndexMap.reshaped(all.length));
    Flow selected =
        builder.add(
            split,
            new ChannelSelection(chosen),
            new Shape(count, block, 1),
            IndexMap.reshaped(sources.length));
    return rearranged(selected, IntStream.range(0, sources.length).toArray(), shape, seen);
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /**
   * The same with the last three axes as channels, height and width, and those before as channels.
   */
  Flow plain(Flow read) {
    int[] dims = read.dims();
    int[] last = {1, 1, 1};
    for (int i = 1; i <= dims.length; i++) {
      last[Math.max(0, 3 - i)] *= dims[dims.length - i];
    }
    int[] sources = read.places();
    Shape shape = new Shape(last[0], last[1], last[2]);
    return rearranged(read, sources, shape, IndexMap.reshaped(dims));
  }

  /**
   * Some numbers of a value: all, or some of them, in any order.
   *
   * @throws OnnxException if they are in too many pieces, or none
   */
  Flow select(Flow read, IndexMap selection) {
    int[] from = selection.from();
    if (from == null) {
      return read.arranged(selection);
    }
    BitSet taken = new BitSet();
    for (int index : from) {
      taken.set(index);
    }
    boolean once = taken.cardinality() == from.length;
    if (once && from.length == read.shape().size()) {
      return read.arranged(selection);
    }
    return some(read, selection, once);
  }

  /** Some rows and columns of some channels, which stay where they are; empty if it is not that. */
  private Optional<Flow> box(Flow read, int[] dims, int[] from) {
    Shape in = read.shape();
    BitSet channels = new BitSet();
    BitSet rows = new BitSet();
    BitSet columns = new BitSet();
    for (int index : from) {
      int place = read.place(index);
      channels.set(place / in.places());
      rows.set(place / in.width() % in.height());
      columns.set(place % in.width());
    }
    Shape out = new Shape(channels.cardinality(), rows.cardinality(), columns.cardinality());
    if (out.size() != from.length) {
      return Optional.empty();
    }
    int[] ofChannel = ranks(channels);
    int[] ofRow = ranks(rows);
    int[] ofColumn = ranks(columns);
    int[] order = new int[from.length];
    int[] sources = new int[from.length];
    for (int i = 0; i < order.length; i++) {
      int place = read.place(from[i]);
      int line =
          ofChannel[place / in.places()] * out.height() + ofRow[place / in.width() % in.height()];
      order[i] = line * out.width() + ofColumn[place % in.width()];
      sources[order[i]] = place;
    }
    return Optional.of(rearranged(read, sources, out, new IndexMap(dims, order)));
  }

  /** For each that is set, how many before it are. */
  private static int[] ranks(BitSet set) {
    int[] ranks = new int[set.length()];
    int rank = 0;
    for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
      ranks[i] = rank++;
    }
    return ranks;
  }

  /** Numbers as nodes see them, one after the other. */
  private Flow inOrder(Flow read, int[] dims, int[] from) {
    int[] sources = Arrays.stream(from).map(read::place).toArray();
    int rank = dims.length;
    Shape shape =
        rank == 4 && dims[0] == 1
            ? new Shape(dims[1], dims[2], dims[3])
            : new Shape(sources.length, 1, 1);
    return rearranged(read, sources, shape, IndexMap.reshaped(dims));
  }

  /** Some numbers: rows and columns side by side of whole channels, or others. */
  private Flow some(Flow value, IndexMap selection, boolean once) {
    int[] from = requireNonNull(selection.from(), "from");
    if (from.length == 0) {
      throw new OnnxException("it takes nothing of " + Dimensions.text(value.dims()));
    }
    Flow read = builder.settled(value);
    Shape s = read.shape();
    Range rows = new Range();
    Range columns = new Range();
    int[] index = new int[s.channels()];
    Arrays.fill(index, -1);
    List<Integer> channels = new ArrayList<>();
    for (int i : from) {
      int place = read.place(i);
      rows.add(place / s.width() % s.height());
      columns.add(place % s.width());
      if (index[place / s.places()] < 0) {
        index[place / s.places()] = channels.size();
        channels.add(place / s.places());
      }
    }
    if (!once || from.length != (long) channels.size() * rows.size() * columns.size()) {
      return (once ? box(read, selection.dims(), from) : Optional.<Flow>empty())
          .orElseGet(() -> inOrder(read, selection.dims(), from));
    }
    boolean whole = channels.size() == s.channels();
    int[] order = new int[from.length];
    for (int i = 0; i < order.length; i++) {
      int place = read.place(from[i]);
      int channel = place / s.places();
      int row = (whole ? channel : index[channel]) * rows.size();
      row += place / s.width() % s.height() - rows.first;
      order[i] = row * columns.size() + place % s.width() - columns.first;
    }
    IndexMap seen = new IndexMap(selection.dims(), order);
    Flow cropped =
        rows.size() < s.height() || columns.size() < s.width()
            ? cropped(read, rows, columns)
            : read;
    if (whole) {
      return cropped.arranged(seen);
    }
    return builder.add(
        cropped,
        new ChannelSelection(channels),
        new Shape(channels.size(), rows.size(), columns.size()),
        seen);
  }

  private Flow cropped(Flow read, Range rows, Range columns) {
    Shape s = read.shape();
    Shape out = new Shape(s.channels(), rows.size(), columns.size());
    return builder.add(
        read,
        new Crop(
            rows.first, s.height() - 1 - rows.last, columns.first, s.width() - 1 - columns.last),
        out,
        IndexMap.reshaped(out.size()));
  }

  /** From a first to a last index. */
  private static final class Range {
    int first = Integer.MAX_VALUE;
    int last = -1;

    void add(int index) {
      first = Math.min(first, index);
      last = Math.max(last, index);
    }

    int size() {
      return last - first + 1;
    }
  }

  /** A value with its rows the other way round, where nodes see them. */
  Flow reversed(Flow read) {
    Flow flow = builder.settled(read);
    Shape s = flow.shape();
    int[] order = new int[s.size()];
    for (int i = 0; i < order.length; i++) {
      int place = flow.place(i);
      order[i] = place + (s.height() - 1 - 2 * (place / s.width() % s.height())) * s.width();
    }
    return builder.add(flow, new Reversal(), s, new IndexMap(flow.dims(), order));
  }

  /** A value with its rows as another one has them, which may be the other way round. */
  Flow aligned(Flow flow, Flow with) {
    Shape s = flow.shape();
    if (s.height() == 1 || !s.equals(with.shape())) {
      return flow;
    }
    for (int i = 0; i < s.size(); i++) {
      int row = flow.place(i) / s.width() % s.height();
      if (row != s.height() - 1 - with.place(i) / s.width() % s.height()) {
        return flow;
      }
    }
    return reversed(flow);
  }
}
