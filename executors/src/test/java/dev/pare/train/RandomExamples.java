package dev.pare.train;

import dev.pare.data.Examples;
import java.util.SplittableRandom;

/** Bytes without meaning, kept as the bytes of an IDX file are. */
final class RandomExamples implements Examples {
  private final int size;
  private final int features;
  private final int classes;
  private final byte[] pixels;

  RandomExamples(int size, int features, int classes) {
    this.size = size;
    this.features = features;
    this.classes = classes;
    this.pixels = new byte[size * features];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt();
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return index % classes;
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    int from = index * features;
    for (int i = 0; i < features; i++) {
      target[offset + i] = pixels[from + i] & 0xff;
    }
  }

  @Override
  public boolean areBytes() {
    return true;
  }

  @Override
  public void copyBytes(int index, byte[] target, int offset) {
    System.arraycopy(pixels, index * features, target, offset, features);
  }
}
