package dev.pare.data;

import dev.pare.candidate.Task;
import java.util.ArrayList;
import java.util.List;

/** Numbers that were written in another order than they are read: their bytes, or channels. */
final class LayoutDoubts {
  private static final int MOST_ROWS = 256;

  /** Fewer numbers may well be round by chance. */
  private static final int FEWEST_VALUES = 100;

  /** What whole numbers of two bytes are multiples of if they are small and read the wrong way. */
  private static final int ONE_BYTE = 1 << 8;

  /** The same of four bytes. */
  private static final int THREE_BYTES = 1 << 24;

  /** Images have colours, and how opaque they are. */
  private static final int FEWEST_CHANNELS = 3;

  private static final int MOST_CHANNELS = 4;

  /** Of smaller images there are too few rows to compare. */
  private static final int SHORTEST_SIDE = 8;

  /** Rows next to each other differ less than others, but not by so much. */
  private static final double FAR_LESS = 0.6;

  private LayoutDoubts() {}

  /**
   * About training data as the files have them, if features are not prepared, and about targets.
   */
  static List<String> of(TrainingData data) {
    List<String> doubts = new ArrayList<>();
    Examples train = data.train();
    if (data.preparation().columns().isEmpty()) {
      bytes("the features", Rows.features(train), doubts);
      channels(data.shape(), Rows.features(train), doubts);
      sides(data.shape(), Rows.features(train), doubts);
      Overflow.of(Rows.features(train)).ifPresent(doubts::add);
    }
    if (train.task() == Task.REGRESSION) {
      bytes("the targets", Rows.targets(train), doubts);
    }
    return doubts;
  }

  /**
   * Numbers that come of reading the bytes of small whole numbers from the wrong end: of floats
   * below all usual ones, of integers multiples of a power of two.
   */
  private static void bytes(String what, Rows rows, List<String> doubts) {
    if ((long) rows.size() * rows.width() < FEWEST_VALUES) {
      return;
    }
    boolean subnormal = true;
    int multiple = THREE_BYTES;
    boolean varies = false;
    float[] row = new float[rows.width()];
    rows.copy(0, row);
    float first = row[0];
    for (int i = 0; i < rows.size() && (subnormal || multiple > 1); i++) {
      rows.copy(i, row);
      for (float value : row) {
        varies |= value != first;
        subnormal &= Math.abs(value) < Float.MIN_NORMAL;
        while (multiple > 1 && value % multiple != 0) {
          multiple = multiple == THREE_BYTES ? ONE_BYTE : 1;
        }
      }
    }
    if (varies && subnormal) {
      doubts.add(what + " are below all normal floats: bytes in the other order?");
    } else if (varies && multiple > 1) {
      doubts.add(what + " are multiples of " + multiple + ": bytes in the other order?");
    }
  }

  /**
   * Flat images whose channels come last: rows as they are read are unlike their neighbours, and
   * like those as many rows away as there are channels.
   */
  private static void channels(ExampleShape shape, Rows rows, List<String> doubts) {
    int channels = shape.channels();
    if (channels < FEWEST_CHANNELS
        || channels > MOST_CHANNELS
        || Math.min(shape.height(), shape.width()) < SHORTEST_SIDE) {
      return;
    }
    if (areFarLikerAt(channels * shape.width(), shape, rows)) {
      doubts.add(
          "rows of examples read as %s differ far less from those %d rows on than from the next ones: images with channels last? They are to be transposed from %d×%d×%d"
              .formatted(shape, channels, shape.height(), shape.width(), channels));
    }
  }

  /** Flat images that are as wide as they are said to be high, or stand column by column. */
  private static void sides(ExampleShape shape, Rows rows, List<String> doubts) {
    int height = shape.height();
    int width = shape.width();
    if (height != width
        && Math.min(height, width) >= SHORTEST_SIDE
        && areFarLikerAt(height, shape, rows)) {
      doubts.add(
          "numbers of examples read as %s differ far less from those %d on than from those in the next row, %d on: images whose sides are %d×%d, or that stand column by column?"
              .formatted(shape, height, width, width, height));
    }
  }

  /** Whether numbers differ far less from those so many numbers on than from the next row's. */
  private static boolean areFarLikerAt(int far, ExampleShape shape, Rows rows) {
    int width = shape.width();
    int plane = shape.height() * width;
    double toNext = 0;
    double toFar = 0;
    float[] row = new float[rows.width()];
    int count = Math.min(MOST_ROWS, rows.size());
    for (int k = 0; k < count; k++) {
      rows.copy((int) ((long) k * rows.size() / count), row);
      for (int start = 0; start < row.length; start += plane) {
        for (int i = start; i < start + plane - Math.max(far, width); i++) {
          toNext += Math.abs((double) row[i] - row[i + width]);
          toFar += Math.abs((double) row[i] - row[i + far]);
        }
      }
    }
    return toFar < FAR_LESS * toNext;
  }
}
