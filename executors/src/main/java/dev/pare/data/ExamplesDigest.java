package dev.pare.data;

import dev.pare.candidate.Sha256;
import dev.pare.candidate.Task;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Tells sets of examples apart by what is in them, however their files are called or packed. */
public final class ExamplesDigest {
  private ExamplesDigest() {}

  /**
   * SHA-256, in 64 lower-case hexadecimal digits, of the number of features and then of each
   * example's features, as big-endian floats, and its label; for regression its target, as floats,
   * before the label.
   */
  public static String of(Examples examples) {
    MessageDigest sha256 = Sha256.digest();
    float[] features = new float[examples.features()];
    float[] target = new float[examples.task() == Task.REGRESSION ? examples.outputs() : 0];
    int floats = features.length + target.length;
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * floats + Integer.BYTES);
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(features.length).flip());
    for (int i = 0; i < examples.size(); i++) {
      examples.copyFeatures(i, features, 0);
      bytes.clear();
      if (target.length > 0) {
        examples.copyTarget(i, target, 0);
      }
      bytes.asFloatBuffer().put(features).put(target);
      bytes.putInt(Float.BYTES * floats, examples.label(i));
      sha256.update(bytes);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
