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
  private Calibration calibration;
  private Training training;

  PruneBuilder(Prune start) {
    sparsity = start.sparsity();
    outputSparsity = start.outputSparsity();
    layerSparsity = start.layerSparsity();
    saliency = start.saliency();
    granularity = start.granularity();
    scope = start.scope();
    schedule = start.schedule();
    ramp = start.ramp();
    calibration = start.calibration();
    training = start.training();
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
        calibration,
        training);
  }
}
