package dev.pare.artifact;

import dev.pare.codec.UnnamedUnits;
import dev.pare.graph.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Origins as bytes; package-info specifies them. */
final class OriginFormat {
  /** The kind of their section. */
  static final int KIND = 128;

  private static final int ALL = 0;
  private static final int ASCENDING = 1;
  private static final int ANY_ORDER = 2;

  /** What a reader is ready to draw first weights for, beyond what is left of them. */
  private static final int MOST_FIRST_WEIGHTS = 1 << 20;

  private static final int MOST_FIRST_WEIGHTS_FOR_ONE = 16;

  private OriginFormat() {}

  /** Whether there is a section for it: a network of which next to nothing is left has none. */
  static boolean mayHold(Origin origin, Architecture architecture) {
    return origin.numbers(architecture)
        <= MOST_FIRST_WEIGHTS + (long) MOST_FIRST_WEIGHTS_FOR_ONE * architecture.parameters();
  }

  static void write(Origin origin, ByteSink out) {
    out.writeLong(origin.seed());
    for (LeftUnits units : origin.hidden()) {
      out.writeVarint(units.first());
      int[] left = units.left();
      boolean ascending = IntStream.range(1, left.length).allMatch(i -> left[i - 1] < left[i]);
      if (ascending && left.length == units.first()) {
        out.writeByte(ALL);
      } else if (ascending) {
        out.writeByte(ASCENDING);
        boolean[] is = new boolean[units.first()];
        IntStream.of(left).forEach(unit -> is[unit] = true);
        Bits bits = new Bits();
        for (boolean here : is) {
          bits.write(here ? 1 : 0, 1, out);
        }
        bits.finish(out);
      } else {
        out.writeByte(ANY_ORDER);
        Bits bits = new Bits();
        UnnamedUnits rest = new UnnamedUnits(units.first());
        for (int unit : left) {
          int width = rest.width();
          bits.write(rest.takeUnit(unit), width, out);
        }
        bits.finish(out);
      }
    }
    int next = 0;
    for (Origin.Skip skip : origin.skips()) {
      out.writeVarint(skip.tensor() - next);
      out.writeVarint(skip.count());
      next = skip.tensor() + 1;
    }
  }

  /**
   * The origin in a section of this content.
   *
   * @throws MalformedArtifactException if there is none of that architecture
   */
  static Origin read(Architecture architecture, ByteSource in) {
    long seed = in.readLong();
    List<LeftUnits> hidden = new ArrayList<>();
    for (int layer : Origin.layers(architecture)) {
      int count = Origin.units(architecture, layer);
      int first = in.readVarint();
      if (first < count || first - count > MOST_FIRST_WEIGHTS + (long) in.remaining() * Byte.SIZE) {
        throw in.invalid(count + " units of " + first);
      }
      hidden.add(new LeftUnits(layer, first, readUnits(count, first, in)));
    }
    Origin origin = Origin.of(seed, hidden, readSkips(Origin.drawn(architecture).size(), in));
    boolean holds;
    try {
      holds = mayHold(origin, architecture);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw in.invalid("not an origin: " + e.getMessage());
    }
    if (!holds) {
      throw in.invalid("an origin far larger than what is left");
    }
    return origin;
  }

  /**
   * @param drawn how many tensors there are before which numbers may be skipped
   */
  private static List<Origin.Skip> readSkips(int drawn, ByteSource in) {
    List<Origin.Skip> skips = new ArrayList<>();
    int next = 0;
    while (in.remaining() > 0) {
      int between = in.readVarint();
      int count = in.readVarint();
      if (between >= drawn - next || count < 1) {
        throw in.invalid(
            "%d numbers skipped before tensor %d of %d"
                .formatted(count, (long) next + between, drawn));
      }
      skips.add(new Origin.Skip(next + between, count));
      next += between + 1;
    }
    return skips;
  }

  private static int[] readUnits(int count, int first, ByteSource in) {
    int order = in.readByte();
    int[] left = new int[count];
    if (order == ALL && count == first) {
      return IntStream.range(0, count).toArray();
    }
    if (order == ASCENDING) {
      if (in.remaining() < (first + Byte.SIZE - 1) / Byte.SIZE) {
        throw in.invalid("too few bytes for " + first + " units");
      }
      Bits bits = new Bits();
      int next = 0;
      for (int unit = 0; unit < first; unit++) {
        if (bits.read(1, in) == 1) {
          if (next == count) {
            throw in.invalid("more than " + count + " units left");
          }
          left[next++] = unit;
        }
      }
      if (next < count || !bits.isFinished() || count == first) {
        throw in.invalid("not " + count + " units of " + first + " left");
      }
      return left;
    }
    if (order != ANY_ORDER) {
      throw in.invalid("units in unknown order " + order);
    }
    if (in.remaining() < count / Byte.SIZE) {
      throw in.invalid("too few bytes for " + count + " units");
    }
    Bits bits = new Bits();
    UnnamedUnits rest = new UnnamedUnits(first);
    boolean ascending = true;
    for (int i = 0; i < count; i++) {
      int rank = bits.read(rest.width(), in);
      if (rank >= rest.count()) {
        throw in.invalid("no unit " + rank + " among " + rest.count());
      }
      left[i] = rest.takeRank(rank);
      ascending &= i == 0 || left[i - 1] < left[i];
    }
    if (!bits.isFinished() || ascending) {
      throw in.invalid("units in an order that is written otherwise");
    }
    return left;
  }

  /** Numbers of a few bits each, the high ones first. */
  private static final class Bits {
    private int held;
    private int count;

    void write(int value, int width, ByteSink out) {
      for (int i = width - 1; i >= 0; i--) {
        held = held << 1 | value >>> i & 1;
        if (++count == Byte.SIZE) {
          out.writeByte(held & 0xFF);
          count = 0;
        }
      }
    }

    /** Fills the last byte with zeros. */
    void finish(ByteSink out) {
      if (count > 0) {
        out.writeByte(held << Byte.SIZE - count & 0xFF);
      }
    }

    int read(int width, ByteSource in) {
      int value = 0;
      for (int i = 0; i < width; i++) {
        if (count == 0) {
          held = in.readByte();
          count = Byte.SIZE;
        }
        value = value << 1 | held >>> --count & 1;
      }
      return value;
    }

    /** Whether all bits that were not read are zeros. */
    boolean isFinished() {
      return (held & (1 << count) - 1) == 0;
    }
  }
}
