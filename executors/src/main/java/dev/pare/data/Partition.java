package dev.pare.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which examples of the training files are for what, each ascending and all disjoint.
 *
 * <p>A share is drawn from each class alike, so that of each class it has the share of its examples
 * rounded up or down.
 */
record Partition(int[] train, int[] validation, int[] test) {
  /** Of the examples of the training files; the same seed makes the same one. */
  static Partition of(Examples all, DataSettings settings) {
    Shares shares = settings.shares();
    int[] everything = IntStream.range(0, all.size()).toArray();
    SplittableRandom random = new SplittableRandom(settings.seed()).split();
    int[] test = stratified(all, everything, shares.test(), random);
    int[] rest = without(everything, test);
    int[] validation =
        shares.validation() > 0
            ? stratified(all, rest, shares.validation() / (1 - shares.test()), random)
            : counted(settings, rest);
    Partition partition = new Partition(without(rest, validation), validation, test);
    partition.check(shares);
    return partition;
  }

  private static int[] counted(DataSettings settings, int[] rest) {
    int count = settings.validation();
    if (count >= rest.length) {
      throw new DataException(
          ("data.validation = " + count + ": must be below " + rest.length)
              + ", the number of training examples");
    }
    int[] order = SubsetExamples.drawn(rest.length, count, settings.seed());
    return IntStream.of(order).limit(count).map(i -> rest[i]).toArray();
  }

  private void check(Shares shares) {
    if (shares.validation() > 0 && validation.length == 0) {
      throw new DataException(
          "data.validation-share = " + shares.validation() + ": is less than one example");
    }
    if (shares.test() > 0 && test.length == 0) {
      throw new DataException("data.test-share = " + shares.test() + ": is less than one example");
    }
    if (train.length == 0) {
      throw new DataException(
          ("data.validation-share = " + shares.validation() + ", data.test-share = ")
              + (shares.test() + ": leave no training example"));
    }
  }

  private static int[] stratified(
      Examples all, int[] among, double share, SplittableRandom random) {
    if (share == 0) {
      return new int[0];
    }
    int[] starts = new int[all.classes() + 1];
    for (int index : among) {
      starts[all.label(index) + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] next = starts.clone();
    int[] byClass = new int[among.length];
    for (int index : among) {
      byClass[next[all.label(index)]++] = index;
    }
    int[] drawn = new int[(int) Math.round(share * among.length)];
    int taken = 0;
    for (int label = 0; label < all.classes(); label++) {
      // What was rounded off of one class is made up for by the next.
      int until = (int) Math.round(share * starts[label + 1]);
      int place = starts[label];
      while (taken < until) {
        int other = random.nextInt(place, starts[label + 1]);
        drawn[taken++] = byClass[other];
        byClass[other] = byClass[place++];
      }
    }
    Arrays.sort(drawn);
    return drawn;
  }

  /** Both ascending. */
  private static int[] without(int[] all, int[] drawn) {
    int[] rest = new int[all.length - drawn.length];
    int next = 0;
    int count = 0;
    for (int index : all) {
      if (next < drawn.length && drawn[next] == index) {
        next++;
      } else {
        rest[count++] = index;
      }
    }
    return rest;
  }
}
