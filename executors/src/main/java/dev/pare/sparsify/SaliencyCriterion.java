package dev.pare.sparsify;

/** The scores of a network's weights by a {@link Saliency}. */
public interface SaliencyCriterion {
  /** How numbers of weights become the score of an item. */
  enum Combination {
    /** The root of their mean square; of one, its magnitude. */
    ROOT_MEAN_SQUARE,
    SUM,
    /** The magnitude of their sum. */
    ABSOLUTE_SUM,
    /** The square of their sum. */
    SQUARED_SUM,
    /** The first one's, as all are alike or none means anything. */
    FIRST;

    /** Of each number by itself. */
    void ofEach(float[] numbers, float[] combined) {
      switch (this) {
        case ROOT_MEAN_SQUARE, ABSOLUTE_SUM -> {
          for (int i = 0; i < combined.length; i++) {
            combined[i] = Math.abs(numbers[i]);
          }
        }
        case SQUARED_SUM -> {
          for (int i = 0; i < combined.length; i++) {
            combined[i] = numbers[i] * numbers[i];
          }
        }
        case SUM, FIRST -> System.arraycopy(numbers, 0, combined, 0, combined.length);
      }
    }

    /** Of the members of an item. */
    float of(float[] numbers, int[] members) {
      double sum = 0;
      for (int i : members) {
        double number = numbers[i];
        sum += this == ROOT_MEAN_SQUARE ? number * number : number;
      }
      return switch (this) {
        case ROOT_MEAN_SQUARE -> (float) Math.sqrt(sum / members.length);
        case SUM -> (float) sum;
        case ABSOLUTE_SUM -> (float) Math.abs(sum);
        case SQUARED_SUM -> (float) (sum * sum);
        case FIRST -> numbers[members[0]];
      };
    }
  }

  Combination combination();

  /**
   * Scores each weight as it is now, by itself.
   *
   * @param scores in the layout of the parameters, written where weights are; the lowest go first
   */
  void score(float[] scores);

  /**
   * Scores each item as its weights are now.
   *
   * @param itemScores written; the lowest go first
   * @param scratch as long as the parameters, overwritten
   */
  default void score(PruningGroups items, float[] itemScores, float[] scratch) {
    score(scratch);
    items.combine(scratch, combination(), itemScores);
  }

  /** Lets what stays make up for what has gone since it was scored. */
  default void compensate() {}

  /** In how many jumps a gradual schedule may go. */
  default int jumps() {
    return 100;
  }
}
