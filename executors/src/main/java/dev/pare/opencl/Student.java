package dev.pare.opencl;

import dev.pare.train.LossTerms;
import dev.pare.train.MaskedWeights;
import dev.pare.train.TrainableParameters;
import dev.pare.train.TrainingRun;
import java.util.Arrays;

/** A student while it is trained: what of it goes to the device and comes back. */
final class Student {
  private static final int WEIGHT = 0;
  private static final int FREE = 1;
  private static final int STATISTIC = 2;

  private final TrainingRun run;
  private final LossTerms loss;
  private final int[] sources;
  private final boolean isShared;

  Student(TrainingRun run) {
    this.run = run;
    this.loss = run.loss().terms().orElseThrow();
    this.sources = run.variables().sources().orElseThrow();
    boolean same = sources.length == run.variables().values().length;
    for (int i = 0; i < sources.length && same; i++) {
      same = sources[i] == i;
    }
    this.isShared = !same;
  }

  TrainingRun run() {
    return run;
  }

  LossTerms loss() {
    return loss;
  }

  /** Whether parameters share variables; else they are the variables. */
  boolean isShared() {
    return isShared;
  }

  float[] variables() {
    return run.variables().values();
  }

  float[] parameters() {
    return run.variables().parameters();
  }

  /** The variable of each parameter, −1 where there is none. */
  int[] sources() {
    return sources;
  }

  /** Where each variable's parameters begin in a list that follows at {@code room + 1}. */
  int[] members(int room) {
    int count = variables().length;
    int[] members = new int[2 * room + 1];
    for (int source : sources) {
      if (source >= 0) {
        members[source + 1]++;
      }
    }
    for (int v = 0; v < count; v++) {
      members[v + 1] += members[v];
    }
    int[] next = Arrays.copyOf(members, count);
    for (int i = 0; i < sources.length; i++) {
      if (sources[i] >= 0) {
        members[room + 1 + next[sources[i]]++] = i;
      }
    }
    return members;
  }

  /** Kinds of shared variables, otherwise which weights are free to change. */
  byte[] flags() {
    byte[] flags = new byte[variables().length];
    if (isShared) {
      for (TrainableParameters.Range range : run.variables().ranges()) {
        Arrays.fill(flags, range.from(), range.to(), (byte) kind(range.kind()));
      }
    } else {
      float[] mask = run.variables().mask();
      for (int i = 0; i < flags.length; i++) {
        flags[i] = (byte) (mask[i] == 0 ? 0 : 1);
      }
    }
    return flags;
  }

  /** Of parameters that are variables themselves, the kind of each. */
  int[] kinds() {
    int[] kinds = new int[run.architecture().parameters()];
    for (TrainableParameters.Range range : MaskedWeights.ranges(run.architecture())) {
      Arrays.fill(kinds, range.from(), range.to(), kind(range.kind()));
    }
    return kinds;
  }

  private static int kind(TrainableParameters.Kind kind) {
    return switch (kind) {
      case WEIGHTS -> WEIGHT;
      case FREE -> FREE;
      case STATISTICS -> STATISTIC;
    };
  }

  /** As kernels read them: see common.cl. */
  float[] settings() {
    return new float[] {
      (float) loss.alpha(),
      (float) loss.temperature(),
      (float) loss.smoothing(),
      (float) run.l1(),
      (float) run.settings().l2(),
      isShared ? 1 : 0,
      variables().length,
      0
    };
  }
}
