package dev.pare.onnx;

import dev.pare.graph.Rearrangement;
import dev.pare.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How far it is from one number that is read to the next. */
final class Distances {
  private Distances() {}

  /**
   * The layer that has certain numbers of its input; empty if they are not at regular distances.
   *
   * @param read shape of what it reads
   * @param sources for each number that it makes, which one of the input's it is
   * @param shape of what it makes
   */
  static Optional<Rearrangement> regular(Shape read, int[] sources, Shape shape) {
    int area = shape.places();
    boolean within = shape.channels() == read.channels();
    for (int i = 0; within && i < sources.length; i++) {
      within = sources[i] == sources[i % area] + i / area * read.places();
    }
    within &= Arrays.stream(sources, 0, area).allMatch(place -> place < read.places());
    int[] pattern = within ? Arrays.copyOf(sources, area) : sources;
    List<Integer> sides = new ArrayList<>();
    List<Integer> strides = new ArrayList<>();
    // From the innermost side on, each as long as its stride goes on.
    for (int block = 1; block < pattern.length; ) {
      int stride = pattern[block] - pattern[0];
      int count = 2;
      while ((long) count * block < pattern.length
          && pattern[count * block] - pattern[0] == count * stride) {
        count++;
      }
      sides.add(0, count);
      strides.add(0, stride);
      block *= count;
      if (pattern.length % block != 0) {
        return Optional.empty();
      }
    }
    if (sides.size() > Rearrangement.MOST_SIDES) {
      return Optional.empty();
    }
    int channels = within ? 0 : shape.channels();
    Rearrangement layer =
        new Rearrangement(channels, shape.height(), shape.width(), pattern[0], sides, strides);
    return Arrays.equals(layer.places(), pattern) ? Optional.of(layer) : Optional.empty();
  }
}
