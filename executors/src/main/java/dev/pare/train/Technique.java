package dev.pare.train;

import dev.pare.graph.Architecture;
import dev.pare.graph.Network;

/** How a network is trained, and what comes of it. */
public interface Technique {
  /** What the optimizer changes. */
  TrainableParameters variables();

  /** What happens between its steps. */
  default Schedule schedule() {
    return Schedule.NONE;
  }

  /** The network as it is to be once training has ended. */
  Network network();

  /** Training that leaves the parameters that follow from the variables. */
  static Technique of(Architecture architecture, TrainableParameters variables, Schedule schedule) {
    return new Technique() {
      @Override
      public TrainableParameters variables() {
        return variables;
      }

      @Override
      public Schedule schedule() {
        return schedule;
      }

      @Override
      public Network network() {
        return new Network(architecture, variables.parameters().clone());
      }
    };
  }
}
