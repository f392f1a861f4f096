package dev.pare.artifact;

import dev.pare.codec.LevelMatrix;

/** A tensor each of whose values is a level by itself; level 0 is zero. */
public sealed interface LevelTensor extends CompressedTensor
    permits UniformTensor, GroupedTensor, CodebookTensor, PowerTensor {
  /** The levels of the values. */
  LevelMatrix levels();

  /** Other levels of the same values. */
  LevelTensor withLevels(LevelMatrix other);
}
