package dev.pare.artifact;

import dev.pare.codec.LevelCoding;
import dev.pare.codec.LevelMatrix;
import dev.pare.export.DeltaExport;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes the golden files of this format version, once, when the version is new: {@code java
 * dev.pare.artifact.GoldenFiles executors/src/test/resources/dev/pare/artifact}. Files of published
 * versions are never written again.
 */
final class GoldenFiles {
  static final String FORMAT_1_0 = "format-1.0.pare";
  static final String FORMAT_2_0 = "format-2.0.pare";
  static final String FORMAT_3_0 = "format-3.0.pare";
  static final String ORIGIN_3_0 = "format-3.0-origin.pare";
  static final String FORMAT_4_0 = "format-4.0.pare";
  static final String ACTIVATIONS_4_0 = "format-4.0-activations.pare";
  static final String FORMAT_5_0 = "format-5.0.pare";
  static final String ORIGIN_6_0 = "format-6.0-origin.pare";
  static final String FORMAT_7_0 = "format-7.0.pare";

  /** From {@link #FORMAT_1_0} to {@link #FORMAT_2_0}: groups and quarters. */
  static final String DELTA_1_0_GROUPS = "delta-1.0-groups.delta";

  /** From {@link #FORMAT_1_0} to {@link #FORMAT_5_0}: scales of rows and sparse floats. */
  static final String DELTA_1_0_ROWS = "delta-1.0-rows.delta";

  /** From {@link #ORIGIN_3_0} to {@link #fewerUnits()}: codebooks, origins, units that went. */
  static final String DELTA_1_0_ORIGIN = "delta-1.0-origin.delta";

  private GoldenFiles() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    try (OutputStream out = Files.newOutputStream(folder.resolve(FORMAT_7_0))) {
      new ArtifactWriter(LevelCoding.CONTEXT_ARITHMETIC).write(network70(), out);
    }
    byte[] first = Files.readAllBytes(folder.resolve(FORMAT_1_0));
    byte[] second = Files.readAllBytes(folder.resolve(FORMAT_2_0));
    byte[] fifth = Files.readAllBytes(folder.resolve(FORMAT_5_0));
    byte[] origin = Files.readAllBytes(folder.resolve(ORIGIN_3_0));
    byte[] fewer = SampleNetworks.bytes(fewerUnits());
    Files.write(folder.resolve(DELTA_1_0_GROUPS), DeltaExport.of(first, second));
    Files.write(folder.resolve(DELTA_1_0_ROWS), DeltaExport.of(first, fifth));
    Files.write(folder.resolve(DELTA_1_0_ORIGIN), DeltaExport.of(origin, fewer));
  }

  /** A part of what the file of format 3.0 with an origin holds, in another order. */
  static CompressedNetwork fewerUnits() {
    return SampleNetworks.trained().get(1);
  }

  /** What the file of format 7.0 holds: a graph, with the layers that came with it. */
  static CompressedNetwork network70() {
    return network(SampleNetworks.numberedLayers());
  }

  /** What a file of format 6.0 holds: an origin of which heads and a residual block are gone. */
  static CompressedNetwork origin60() {
    return SampleNetworks.partOfATransformer();
  }

  /** What the file of format 5.0 holds: levels whose signs nothing tells. */
  static CompressedNetwork network50() {
    List<CompressedTensor> tensors = new ArrayList<>(network10().tensors());
    SplittableRandom coins = new SplittableRandom(5);
    short[] levels = new short[4 * 12];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (short) (coins.nextBoolean() ? 1 : -1);
    }
    tensors.set(2, new UniformTensor(new LevelMatrix(4, 12, levels), new float[] {0.25f}));
    return new CompressedNetwork(SampleNetworks.smallConvolutional(), tensors);
  }

  /** What the file of format 4.0 holds: layers of factors, and a convolution of two sides. */
  static CompressedNetwork network40() {
    return network(SampleNetworks.factoredLayers());
  }

  /** What a file of format 4.0 holds: sparse activations, and heads of their own width. */
  static CompressedNetwork activations40() {
    return network(SampleNetworks.sparseLayers());
  }

  /** What the file of format 3.0 holds: the layers that came with it. */
  static CompressedNetwork network30() {
    return network(SampleNetworks.manyLayers());
  }

  private static CompressedNetwork network(Architecture architecture) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : architecture.tensors()) {
      tensors.add(
          place.isWeight()
              ? new UniformTensor(levels(place.rows(), place.columns(), 3), new float[] {0.25f})
              : new FloatTensor(place.rows(), place.columns(), values(1, place.columns())));
    }
    return SampleNetworks.withVariances(new CompressedNetwork(architecture, tensors));
  }

  /** What the file of format 2.0 holds: every representation that came with it. */
  static CompressedNetwork network20() {
    List<CompressedTensor> tensors = new ArrayList<>(network10().tensors());
    tensors.set(0, GroupedTensor.of(levels(3, 8, 4), 3, values20(9, 0.1f)));
    tensors.set(1, new FloatTensor(1, 3, new float[] {0.5f, 0, -3.25f}));
    tensors.set(2, new PowerTensor(levels(4, 12, 3), -7));
    LevelMatrix codes =
        new LevelMatrix(6, 3, new short[] {1, 2, 0, 0, 3, 1, 1, 1, 2, 0, 0, 0, 3, 2, 1, 1, 0, 2});
    tensors.set(4, new ProductTensor(8, 3, codes, values20(9, -0.3f)));
    tensors.set(6, GroupedTensor.of(levels(5, 6, 1), 6, new float[] {1, 0.5f, 0.25f, 3, 0.75f}));
    return new CompressedNetwork(SampleNetworks.smallConvolutional(), tensors);
  }

  private static float[] values20(int count, float step) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i + 1) * step;
    }
    return values;
  }

  /** What the file of format 1.0 holds: every kind of layer and every representation there was. */
  static CompressedNetwork network10() {
    List<CompressedTensor> tensors = new ArrayList<>();
    tensors.add(new UniformTensor(levels(3, 8, 4), new float[] {0.5f, 0.25f, 0.125f}));
    tensors.add(new FloatTensor(1, 3, values(1, 3)));
    tensors.add(CodebookTensor.of(4, 12, values(4, 12)));
    tensors.add(new FloatTensor(1, 4, new float[] {0.1f, -0.2f, 0, 1e-30f}));
    tensors.add(SparseFloatTensor.of(6, 8, values(6, 8)));
    tensors.add(new FloatTensor(1, 6, values(1, 6)));
    tensors.add(new UniformTensor(levels(5, 6, 1), new float[] {0.1f}));
    tensors.add(new FloatTensor(1, 5, values(1, 5)));
    tensors.add(new FloatTensor(3, 5, values(3, 5)));
    tensors.add(new FloatTensor(1, 3, values(1, 3)));
    return new CompressedNetwork(SampleNetworks.smallConvolutional(), tensors);
  }

  /** A network that has an origin. */
  static CompressedNetwork trained() {
    return SampleNetworks.trained().get(2);
  }

  private static LevelMatrix levels(int rows, int columns, int most) {
    short[] levels = new short[rows * columns];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (short) (i * i % (2 * most + 1) - most);
    }
    return new LevelMatrix(rows, columns, levels);
  }

  private static float[] values(int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 3 == 0 ? 0 : (i * i % 11 - 5) / 8f;
    }
    return values;
  }
}
