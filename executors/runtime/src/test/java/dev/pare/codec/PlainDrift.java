package dev.pare.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What package-info says of drifts, as plainly as it can be said. */
final class PlainDrift {
  private static final int[][] OFFSETS = {
    {0, 1}, {1, 0}, {0, 2}, {0, 3}, {1, -1}, {1, 1}, {1, -2}, {1, 2}, {2, 0}, {2, -1}, {2, 1}
  };

  private final int places;
  private final int stride;
  private final int depth;
  private final List<long[]> lines = new ArrayList<>();
  private final long[] weights = new long[OFFSETS.length + 2];
  private final long[] inputs = new long[weights.length];
  private long[] coefficients = {};
  private long[] before = {};
  private long expected;

  PlainDrift(int rows, int places, int stride) {
    this.places = places;
    this.stride = stride;
    depth = Math.min(Math.min(256, rows), Math.max(1, (1 << 21) / places));
    weights[0] = 19660;
    weights[1] = 19660;
    weights[weights.length - 1] = 32768;
  }

  void startLine() {
    lines.add(new long[places]);
    coefficients = new long[depth];
  }

  long expect(int line, int place) {
    for (int i = 0; i < OFFSETS.length; i++) {
      boolean strides = OFFSETS[i][0] > 0;
      // Offsets count to the left; one that comes to this place or beyond it meets nothing yet.
      int at = place - OFFSETS[i][0] * stride + (strides ? OFFSETS[i][1] : -OFFSETS[i][1]);
      inputs[i] = strides && stride == 0 || at < 0 || at >= place ? 0 : lines.get(line)[at];
    }
    inputs[OFFSETS.length] = line == 0 ? 0 : lines.get(line - 1)[place];
    before = new long[depth];
    long sum = 0;
    for (int slot = 0; slot < depth; slot++) {
      // The last line whose number leaves this rest.
      int earlier = line - 1 - Math.floorMod(line - 1 - slot, depth);
      before[slot] = earlier < 0 ? 0 : lines.get(earlier)[place];
      sum += Math.floorDiv(coefficients[slot] * before[slot], 64);
    }
    inputs[OFFSETS.length + 1] = limited(Math.floorDiv(sum, 1024));
    long total = 0;
    for (int i = 0; i < weights.length; i++) {
      total += weights[i] * inputs[i];
    }
    expected = limited(Math.floorDiv(total, 65536));
    return expected;
  }

  void learn(int line, int place, long drift) {
    long error = drift - expected;
    long norm = 8192 + Arrays.stream(inputs).map(x -> x * x).sum();
    long gain = error * 524 * 4096 / norm;
    for (int i = 0; i < weights.length; i++) {
      long moved = weights[i] + Math.floorDiv(gain * inputs[i] + 2048, 4096);
      weights[i] = Math.max(-4 * 65536, Math.min(4 * 65536, moved));
    }
    long energy = Arrays.stream(before).map(x -> x * x).sum();
    long lineGain = error * 26214 * 256 / (327680 + energy);
    for (int slot = 0; slot < depth; slot++) {
      coefficients[slot] += Math.floorDiv(lineGain * before[slot] + 128, 256);
    }
    lines.get(line)[place] = drift;
  }

  private static long limited(long value) {
    return Math.max(-1023, Math.min(1023, value));
  }
}
