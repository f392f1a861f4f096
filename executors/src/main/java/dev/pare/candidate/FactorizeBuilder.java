package dev.pare.candidate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of factorization on the way to others. */
public final class FactorizeBuilder {
  private Factorize.Method method;
  private double rank;
  private List<Double> layerRank;
  private @Nullable Double energy;
  private @Nullable Double rankBudget;
  private double singularThreshold;
  private Factorize.Split split;
  private Factorize.OutputLayer outputLayer;
  private double sparseResidual;
  private int calibration;
  private Training training;

  FactorizeBuilder(Factorize start) {
    method = start.method();
    rank = start.rank();
    layerRank = start.layerRank();
    energy = start.energy();
    rankBudget = start.rankBudget();
    singularThreshold = start.singularThreshold();
    split = start.split();
    outputLayer = start.outputLayer();
    sparseResidual = start.sparseResidual();
    calibration = start.calibration();
    training = start.training();
  }

  public FactorizeBuilder method(Factorize.Method value) {
    method = value;
    return this;
  }

  public FactorizeBuilder rank(double value) {
    rank = value;
    return this;
  }

  public FactorizeBuilder layerRank(List<Double> value) {
    layerRank = value;
    return this;
  }

  public FactorizeBuilder energy(@Nullable Double value) {
    energy = value;
    return this;
  }

  public FactorizeBuilder rankBudget(@Nullable Double value) {
    rankBudget = value;
    return this;
  }

  public FactorizeBuilder singularThreshold(double value) {
    singularThreshold = value;
    return this;
  }

  public FactorizeBuilder split(Factorize.Split value) {
    split = value;
    return this;
  }

  public FactorizeBuilder outputLayer(Factorize.OutputLayer value) {
    outputLayer = value;
    return this;
  }

  public FactorizeBuilder sparseResidual(double value) {
    sparseResidual = value;
    return this;
  }

  public FactorizeBuilder calibration(int value) {
    calibration = value;
    return this;
  }

  public FactorizeBuilder training(Training value) {
    training = value;
    return this;
  }

  /** The settings. */
  public Factorize build() {
    return new Factorize(
        method,
        rank,
        layerRank,
        energy,
        rankBudget,
        singularThreshold,
        split,
        outputLayer,
        sparseResidual,
        calibration,
        training);
  }
}
