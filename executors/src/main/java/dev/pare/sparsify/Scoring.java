package dev.pare.sparsify;

/** What makes a weight worth keeping. */
interface Scoring {
  /** How scores of weights become one of several. */
  enum Combination {
    /** The root of their mean square; of one, its magnitude. */
    ROOT_MEAN_SQUARE,
    SUM,
    /** The magnitude of their sum; of one, its own. */
    ABSOLUTE_SUM,
    /** The first one's, as all are alike or none means anything. */
    FIRST
  }

  Combination combination();

  /**
   * Scores each weight as it is now.
   *
   * @param scores in the layout of the parameters, written where weights are; the lowest go first
   */
  void score(float[] scores);

  /** Lets what stays make up for what has gone since it was scored. */
  default void compensate() {}

  /** In how many jumps a gradual schedule may go. */
  default int jumps() {
    return 100;
  }
}
