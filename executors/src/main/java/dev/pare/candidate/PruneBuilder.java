package dev.pare.candidate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of pruning on the way to others. */
public final class PruneBuilder {
  private double sparsity;
  private @Nullable Double outputSparsity;
  private List<Double> layerSparsity;
  private Prune.Saliency saliency;
  private Granularity granularity;
  private Prune.Scope scope;
  private Prune.Schedule schedule;
  private double ramp;
  private Prune.Initialization initialization;
  private Regrowth regrowth;
  private Calibration calibration;
  private Training training;

  PruneBuilder(Prune from) {
    sparsity = from.sparsity();
    outputSparsity = from.outputSparsity();
    layerSparsity = from.layerSparsity();
    saliency = from.saliency();
    granularity = from.granularity();
    scope = from.scope();
    schedule = from.schedule();
    ramp = from.ramp();
    initialization = from.initialization();
    regrowth = from.regrowth();
    calibration = from.calibration();
    training = from.training();
  }

  public PruneBuilder sparsity(double value) {
    sparsity = value;
    return this;
  }

  public PruneBuilder outputSparsity(@Nullable Double value) {
    outputSparsity = value;
    return this;
  }

  public PruneBuilder layerSparsity(List<Double> value) {
    layerSparsity = value;
    return this;
  }

  public PruneBuilder saliency(Prune.Saliency value) {
    saliency = value;
    return this;
  }

  public PruneBuilder granularity(Granularity value) {
    granularity = value;
    return this;
  }

  public PruneBuilder scope(Prune.Scope value) {
    scope = value;
    return this;
  }

  public PruneBuilder schedule(Prune.Schedule value) {
    schedule = value;
    return this;
  }

  public PruneBuilder ramp(double value) {
    ramp = value;
    return this;
  }

  public PruneBuilder initialization(Prune.Initialization value) {
    initialization = value;
    return this;
  }

  public PruneBuilder regrowth(Regrowth value) {
    regrowth = value;
    return this;
  }

  public PruneBuilder calibration(Calibration value) {
    calibration = value;
    return this;
  }

  public PruneBuilder training(Training value) {
    training = value;
    return this;
  }

  /** The settings. */
  public Prune build() {
    return new Prune(
        sparsity,
        outputSparsity,
        layerSparsity,
        saliency,
        granularity,
        scope,
        schedule,
        ramp,
        initialization,
        regrowth,
        calibration,
        training);
  }
}
