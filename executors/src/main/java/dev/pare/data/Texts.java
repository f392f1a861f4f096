package dev.pare.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What texts of bytes are, that were cut or filled up with zeros.
 *
 * @param steps how long all are made
 * @param median length, of what is left of them
 * @param full how many take all steps: they were cut, but for those that are just as long
 * @param size how many there are
 * @param doubts what may be otherwise than was meant, each in some words
 */
record Texts(int steps, int median, int full, int size, List<String> doubts) {
  private static final int FEWEST = 20;

  /** Of all bytes: who asks, asks once a sentence. */
  private static final double LOST = 0.2;

  /** Of the texts that are not short, as "what?" is. */
  private static final double LEAST_LOST = 0.1;

  private static final int SHORTEST = 10;

  private static final double LEAST_REPRS = 0.01;

  /** Of U+FFFD, which stands for what is not UTF-8. */
  private static final int REPLACEMENT_BYTES = 3;

  Texts {
    doubts = List.copyOf(doubts);
  }

  /** Null where the data are no texts. */
  static @Nullable Texts of(TrainingData data) {
    Examples train = data.train();
    ExampleShape shape = data.shape();
    return train.areBytes()
            && data.divisor() == 1
            && shape.channels() == 1
            && shape.width() == 1
            && shape.height() > 1
            && !data.preparation().classes().isEmpty()
            && train.size() > 0
        ? of(train)
        : null;
  }

  private static Texts of(Examples train) {
    byte[] text = new byte[train.features()];
    int[] lengths = new int[train.size()];
    int full = 0;
    int lost = 0;
    int reprs = 0;
    for (int i = 0; i < lengths.length; i++) {
      train.copyBytes(i, text, 0);
      int length = text.length;
      while (length > 0 && text[length - 1] == 0) {
        length--;
      }
      lengths[i] = length;
      full += length == text.length ? 1 : 0;
      lost += length >= SHORTEST && lostBytes(text, length) > LOST * length ? 1 : 0;
      reprs += isRepr(text, length) ? 1 : 0;
    }
    Arrays.sort(lengths);
    List<String> doubts = new ArrayList<>();
    if (lengths.length >= FEWEST && lost >= LEAST_LOST * lengths.length) {
      doubts.add(
          "in %d of %d training texts more than a fifth is ? or U+FFFD: letters that another encoding lost?"
              .formatted(lost, lengths.length));
    }
    if (lengths.length >= FEWEST && reprs >= LEAST_REPRS * lengths.length) {
      doubts.add(
          "%d of %d training texts begin with b' or b\": bytes as Python prints them?"
              .formatted(reprs, lengths.length));
    }
    return new Texts(text.length, lengths[lengths.length / 2], full, lengths.length, doubts);
  }

  private static int lostBytes(byte[] text, int length) {
    int lost = 0;
    for (int i = 0; i < length; i++) {
      if (text[i] == '?') {
        lost++;
      } else if (i + 2 < length
          && text[i] == (byte) 0xef
          && text[i + 1] == (byte) 0xbf
          && text[i + 2] == (byte) 0xbd) {
        lost += REPLACEMENT_BYTES;
      }
    }
    return lost;
  }

  private static boolean isRepr(byte[] text, int length) {
    return length > 2 && text[0] == 'b' && (text[1] == '\'' || text[1] == '"');
  }

  /** For people who choose how many steps there are. */
  @Override
  public String toString() {
    return "texts of a median of %d bytes, of which %.1f%% take all %d steps, where longer ones are cut"
        .formatted(median, 100.0 * full / size, steps);
  }
}
