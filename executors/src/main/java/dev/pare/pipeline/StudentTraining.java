package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Training;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.train.Technique;
import dev.pare.train.Trainer;
import java.util.function.Function;

/**
 * The frame of every stage that trains: a student's network is reduced, what is left is trained by
 * a technique, and comes back to its places in the whole network.
 *
 * @param settings how long, and how fast
 * @param seed of the order of the examples
 */
record StudentTraining(DistillationData distillation, Training settings, long seed) {
  StudentTraining {
    requireNonNull(distillation, "distillation is null");
    requireNonNull(settings, "settings is null");
  }

  /** A network without the inputs that are constant over the training data. */
  ReducedNetwork reduced(Network student) {
    return ReducedNetwork.ofInputs(student, distillation.constants());
  }

  /**
   * Trains a network without its constant inputs.
   *
   * @param technique of the reduced network
   */
  Network run(Network student, Function<Network, Technique> technique) {
    ReducedNetwork reduction = reduced(student);
    return run(reduction, technique.apply(reduction.network()));
  }

  /**
   * Trains what a reduction has left.
   *
   * @return the whole network; what was left out is zero
   */
  Network run(ReducedNetwork reduction, Technique technique) {
    Architecture architecture = reduction.network().architecture();
    DistillationCheck.check(settings, architecture.outputs());
    DistillationCheck.checkAdversarial(settings, architecture);
    if (settings.epochs() > 0) {
      new Trainer(
              architecture,
              reduction.examples(distillation.examples()),
              distillation.originals(),
              distillation.loss(settings),
              settings,
              0,
              seed,
              settings.adversarial().method() == Adversarial.Method.NONE
                  ? null
                  : reduction.space(distillation.space()))
          .train(technique.variables(), technique.schedule(), distillation.device());
    }
    return reduction.expand(technique.network());
  }
}
