package dev.pare.plan;

import dev.pare.graph.InputShape;
import dev.pare.model.NamedArchitecture;

/** What LeNet-300-100 on MNIST asks for. */
public final class SampleWorkload {
  private SampleWorkload() {}

  /** A network of 266,610 parameters, 55,000 examples an epoch, 5,000 to validate. */
  public static Workload lenet() {
    return Workload.of(
        NamedArchitecture.of(NamedArchitecture.Name.LENET_300_100)
            .resolve(new InputShape(1, 28, 28, 255), 10),
        55_000,
        1,
        5_000,
        60_000 * (784 + 4L),
        0);
  }

  /** Predictions for it. */
  public static CostModel costs() {
    return new CostModel(lenet());
  }
}
