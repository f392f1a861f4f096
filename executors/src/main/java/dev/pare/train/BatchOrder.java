package dev.pare.train;

import java.util.SplittableRandom;

/**
 * The order in which a training run sees its examples: a fresh shuffle an epoch, in which every
 * original example appears once, as the original or as one of its shifted variants, taking turns.
 */
public final class BatchOrder {
  private final int originals;
  private final int variants;
  private final int[] order;
  private final int[] firstVariant;
  private final SplittableRandom random;
  private int epoch = -1;
  private int position;

  /**
   * @param originals examples an epoch
   * @param size all examples: {@code originals} times the number of variants, variant-major
   */
  BatchOrder(int originals, int size, long seed) {
    if (originals < 1 || size % originals != 0) {
      throw new IllegalArgumentException(size + " examples are no variants of " + originals);
    }
    this.originals = originals;
    this.variants = size / originals;
    this.random = new SplittableRandom(seed);
    this.order = new int[originals];
    this.firstVariant = new int[originals];
    for (int i = 0; i < originals; i++) {
      order[i] = i;
      firstVariant[i] = random.nextInt(variants);
    }
    this.position = originals;
  }

  /**
   * Fills {@code batch} with the next examples' indices; returns how many, fewer only at an epoch's
   * end.
   */
  public int next(int[] batch) {
    if (position == originals) {
      shuffle();
      epoch++;
      position = 0;
    }
    int count = Math.min(batch.length, originals - position);
    for (int b = 0; b < count; b++) {
      int example = order[position + b];
      int variant = (firstVariant[example] + epoch) % variants;
      batch[b] = variant * originals + example;
    }
    position += count;
    return count;
  }

  private void shuffle() {
    for (int i = originals - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
