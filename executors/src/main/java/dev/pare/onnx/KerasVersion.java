package dev.pare.onnx;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Keras as files name it, {@code 2.11.0}, those within TensorFlow with {@code -tf} up
 * to 2.3.
 */
record KerasVersion(String text) {
  private static final Pattern SECOND = Pattern.compile("2\\.([0-9]{1,4})\\..*");

  boolean isSecond() {
    return text.startsWith("2.");
  }

  /**
   * Whether numbers between places are surely those of TensorFlow 2, by the places' centres. Keras
   * of its own, and that of TensorFlow 1, which also calls itself 2.2.4-tf, have corners.
   */
  boolean hasCentres() {
    Matcher parts = SECOND.matcher(text);
    if (!parts.matches()) {
      return false;
    }
    int minor = Integer.parseInt(parts.group(1));
    return minor > 3 || minor == 3 && text.endsWith("-tf");
  }
}
