package dev.pare.artifact;

import dev.pare.codec.LevelCoding;
import dev.pare.codec.LevelMatrix;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the golden file of this format version, once, when the version is new: {@code java
 * dev.pare.artifact.GoldenFiles executors/src/test/resources/dev/pare/artifact}. Files of published
 * versions are never written again.
 */
final class GoldenFiles {
  static final String FORMAT_1_0 = "format-1.0.pare";

  private GoldenFiles() {}

  public static void main(String[] args) throws IOException {
    try (OutputStream out = Files.newOutputStream(Path.of(args[0], FORMAT_1_0))) {
      new ArtifactWriter(LevelCoding.CONTEXT_ARITHMETIC).write(network(), out);
    }
  }

  /** What the files hold: every kind of layer and every representation. */
  static CompressedNetwork network() {
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
