package dev.pare.export;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.DeltaReader;
import dev.pare.artifact.DeltaWriter;
import dev.pare.artifact.UnitMaps;
import dev.pare.graph.Architecture;
import dev.pare.graph.Layer;
import dev.pare.graph.Quantization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes deltas: what a .pare file has that an older one, which devices have, has not. */
public final class DeltaExport {
  private DeltaExport() {}

  /**
   * The smallest delta with which {@link DeltaReader} makes a file of an older one, byte for byte.
   * It may be larger than the file.
   *
   * @throws dev.pare.artifact.MalformedArtifactException if one of them cannot be read
   * @throws ExportException if their networks differ in more than numbers of units
   */
  public static byte[] of(byte[] old, byte[] now) {
    CompressedNetwork before = new ArtifactReader().read(old);
    CompressedNetwork after = new ArtifactReader().read(now);
    if (!areAlike(before.architecture(), after.architecture())) {
      throw new ExportException("the networks are of different architectures");
    }
    DeltaWriter writer = new DeltaWriter(old, before, now, after);
    byte[] smallest = null;
    for (UnitMaps maps : maps(before, after)) {
      byte[] delta = writer.write(maps);
      if (smallest == null || delta.length < smallest.length) {
        smallest = delta;
      }
    }
    if (smallest == null || !Arrays.equals(new DeltaReader().apply(old, smallest), now)) {
      throw new IllegalStateException("the delta does not give the file");
    }
    return smallest;
  }

  /**
   * Whether two architectures differ by the units of layers in chains and by what levels of
   * activations stand for alone.
   */
  private static boolean areAlike(Architecture before, Architecture after) {
    if (before.layers().size() != after.layers().size()) {
      return false;
    }
    Map<Integer, Layer> layers = new HashMap<>();
    for (int i = 0; i < before.layers().size(); i++) {
      Layer now = after.layers().get(i);
      if (now instanceof Quantization && before.layers().get(i) instanceof Quantization) {
        layers.put(i, now);
      }
    }
    for (int layer : UnitMaps.layers(after, before)) {
      int[] channels = new int[before.inputShape(layer).channels()];
      int[] units = new int[after.outputShape(layer).channels()];
      layers.put(layer, before.layers().get(layer).reduced(List.of(channels), units));
    }
    return before.with(i -> layers.getOrDefault(i, before.layers().get(i))).equals(after);
  }

  /** Units that are alike, those that were the same when training began, those of a number. */
  private static List<UnitMaps> maps(CompressedNetwork old, CompressedNetwork now) {
    Architecture before = old.architecture();
    Architecture after = now.architecture();
    List<Integer> layers = UnitMaps.layers(after, before);
    if (layers.isEmpty()) {
      return List.of(UnitMaps.of(after, before, Map.of()));
    }
    Map<Integer, int[]> began = new HashMap<>();
    boolean same = true;
    for (int layer : layers) {
      same &= after.outputShape(layer).equals(before.outputShape(layer));
      UnitMaps.byOrigin(layer, now.origin(), old.origin())
          .ifPresent(units -> began.put(layer, units));
    }
    List<UnitMaps> all = new ArrayList<>();
    all.add(new UnitMatching(after, before, now.tensors(), old.tensors()).match());
    if (began.size() == layers.size()) {
      all.add(UnitMaps.of(after, before, began));
    }
    if (same) {
      all.add(UnitMaps.of(after, before, Map.of()));
    }
    return all;
  }
}
