package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.candidate.Registry;
import java.util.List;

/** The saliencies there are. */
public final class Saliencies {
  private static final Registry<Saliency> ALL =
      Registry.of(
          "saliency",
          Saliency.class,
          Saliency::name,
          List.of(
              new MagnitudeSaliency(),
              new GradientSaliency(),
              new MovementSaliency(),
              new FisherSaliency(),
              new SurgeonSaliency(),
              new ReconstructionSaliency(),
              new ActivationSaliency(),
              new LampSaliency(),
              new WandaSaliency(),
              new SnipSaliency(),
              new RandomSaliency()));

  private Saliencies() {}

  /** All names, Pare's own first. */
  public static List<String> names() {
    return ALL.names();
  }

  /**
   * The saliency of a name.
   *
   * @throws IllegalArgumentException naming those that there are, if there is none
   */
  public static Saliency of(Prune.Saliency name) {
    return ALL.of(name.name());
  }
}
