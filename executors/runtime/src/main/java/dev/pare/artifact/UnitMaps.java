package dev.pare.artifact;

import dev.pare.codec.MalformedCodeException;
import dev.pare.codec.RelativeCode;
import dev.pare.graph.Architecture;
import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.SelfAttention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which units of another network those of a network are: of layers in chains, whose units may have
 * gone or changed places. All others are those of the same number. Immutable.
 */
public final class UnitMaps {
  /** No unit of the other network. */
  public static final int NONE = -1;

  private static final int SAME = 0;
  private static final int BY_ORIGIN = 1;
  private static final int LISTED = 2;

  private final Architecture now;
  private final Architecture old;
  // Of layers whose units are others.
  private final Map<Integer, int[]> units;

  private UnitMaps(Architecture now, Architecture old, Map<Integer, int[]> units) {
    this.now = now;
    this.old = old;
    this.units = units;
  }

  /**
   * Maps of these units.
   *
   * @param units the other's numbers, or {@link #NONE}, of those of {@link #layers} whose units are
   *     not the same; each at most once
   */
  public static UnitMaps of(Architecture now, Architecture old, Map<Integer, int[]> units) {
    Map<Integer, int[]> others = new HashMap<>(units);
    others.entrySet().removeIf(each -> isSame(each.getValue(), Origin.units(old, each.getKey())));
    return new UnitMaps(now, old, others);
  }

  private static boolean isSame(int[] map, int others) {
    return Arrays.equals(map, same(others));
  }

  /** Each of so many as it is. */
  static int[] same(int count) {
    int[] map = new int[count];
    for (int i = 0; i < count; i++) {
      map[i] = i;
    }
    return map;
  }

  /** The layers whose units may be others: none where the networks' layers are not alike. */
  public static List<Integer> layers(Architecture now, Architecture old) {
    List<Integer> layers = new ArrayList<>();
    if (now.layers().size() == old.layers().size()
        && Origin.layers(now).equals(Origin.layers(old))) {
      for (int layer : Origin.layers(now)) {
        if (!(now.layers().get(layer) instanceof SelfAttention)) {
          layers.add(layer);
        }
      }
    }
    return layers;
  }

  /**
   * The units that were the same when training began, if both networks began alike.
   *
   * @return nothing where they did not, or it is not known
   */
  public static Optional<int[]> byOrigin(int layer, Optional<Origin> now, Optional<Origin> old) {
    LeftUnits left = left(now, layer);
    LeftUnits others = left(old, layer);
    if (left == null
        || others == null
        || now.get().seed() != old.get().seed()
        || left.first() != others.first()) {
      return Optional.empty();
    }
    int[] places = new int[left.first()];
    Arrays.fill(places, NONE);
    for (int i = 0; i < others.count(); i++) {
      places[others.left()[i]] = i;
    }
    int[] map = new int[left.count()];
    for (int i = 0; i < map.length; i++) {
      map[i] = places[left.left()[i]];
    }
    return Optional.of(map);
  }

  private static @Nullable LeftUnits left(Optional<Origin> origin, int layer) {
    if (origin.isPresent()) {
      for (LeftUnits units : origin.get().hidden()) {
        if (units.layer() == layer) {
          return units;
        }
      }
    }
    return null;
  }

  void write(Optional<Origin> origin, Optional<Origin> others, ByteSink out) {
    for (int layer : layers(now, old)) {
      int[] map = units.get(layer);
      if (map == null) {
        out.writeByte(SAME);
      } else if (Arrays.equals(byOrigin(layer, origin, others).orElse(null), map)) {
        out.writeByte(BY_ORIGIN);
      } else {
        byte[] code = RelativeCode.ofOrder(map, Origin.units(old, layer));
        out.writeByte(LISTED);
        out.writeVarint(code.length);
        out.writeBytes(code);
      }
    }
  }

  /**
   * Takes maps.
   *
   * @throws MalformedArtifactException if there are none
   */
  static UnitMaps read(
      Architecture now,
      Architecture old,
      Optional<Origin> origin,
      Optional<Origin> others,
      ByteSource in) {
    Map<Integer, int[]> units = new HashMap<>();
    for (int layer : layers(now, old)) {
      int count = Origin.units(now, layer);
      int oldCount = Origin.units(old, layer);
      int form = in.readByte();
      if (form == BY_ORIGIN) {
        Optional<int[]> map = byOrigin(layer, origin, others);
        if (map.isEmpty()) {
          throw in.invalid("units of layer " + layer + " by no origin");
        }
        units.put(layer, map.get());
      } else if (form == LISTED) {
        byte[] code = in.readBytes(in.readVarint());
        try {
          units.put(layer, RelativeCode.order(code, count, oldCount));
        } catch (MalformedCodeException e) {
          throw in.invalid("not an order of units: " + e.getMessage());
        }
      } else if (form != SAME || count != oldCount) {
        throw in.invalid("units of layer " + layer + " in impossible form " + form);
      }
    }
    return new UnitMaps(now, old, units);
  }

  /** The other network's rows that those of a tensor are; nothing where they are the same. */
  Optional<int[]> rows(ParameterTensor tensor) {
    return tensor.parameter().rowAxis() == Axis.OUTPUTS
        ? spread(tensor.layer(), tensor.rows())
        : Optional.empty();
  }

  /** The other network's columns that those of a tensor are; nothing where they are the same. */
  public Optional<int[]> columns(ParameterTensor tensor) {
    Axis axis = tensor.parameter().columnAxis();
    if (axis != Axis.OUTPUTS && axis != Axis.INPUTS) {
      return Optional.empty();
    }
    int layer = axis == Axis.OUTPUTS ? tensor.layer() : now.source(tensor.layer());
    return spread(layer, tensor.columns());
  }

  /**
   * @param layer whose units rows or columns are of, as many of each, side by side
   */
  private Optional<int[]> spread(int layer, int count) {
    int source = layer;
    while (source >= 0 && !units.containsKey(source) && Origin.passesUnits(now, source)) {
      source = now.source(source);
    }
    int[] map = units.get(source);
    if (map == null || count % map.length != 0) {
      return Optional.empty();
    }
    int each = count / map.length;
    int[] spread = new int[count];
    for (int i = 0; i < count; i++) {
      int other = map[i / each];
      spread[i] = other == NONE ? NONE : other * each + i % each;
    }
    return Optional.of(spread);
  }
}
