package dev.pare.artifact;

import dev.pare.graph.Parameter.Role;

/** Adds up sections to the breakdown of a file. */
final class SizeTally {
  private long index;
  private long value;
  private long codebook;
  private long bias;

  void add(Role role, SectionBytes section) {
    switch (role) {
      case WEIGHT, LEFT_FACTOR, RIGHT_FACTOR, SPARSE_RESIDUAL -> {
        index += section.index();
        value += section.value();
        codebook += section.codebook();
      }
      case BIAS, GAMMA, BETA, SLOPE, MEAN, VARIANCE ->
          bias += section.index() + section.value() + section.codebook();
    }
  }

  /** The breakdown of a file of that many bytes; what no tensor took is header. */
  SizeBreakdown of(long fileBytes) {
    return new SizeBreakdown(
        fileBytes - index - value - codebook - bias, index, value, codebook, bias);
  }
}
