package dev.pare.examine;

/**
 * Looks for a wrong answer among the inputs at most some units from examples (L-infinity), within
 * the values that features take.
 */
interface Attack {
  /**
   * Attacks examples that are answered rightly.
   *
   * @param examples to attack
   * @param broken set for each example that is answered wrongly somewhere; the others stay
   */
  void run(Attacked examples, boolean[] broken);
}
