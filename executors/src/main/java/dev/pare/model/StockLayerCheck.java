package dev.pare.model;

import dev.pare.artifact.ArchitectureCheck;
import dev.pare.graph.Architecture;

/** Holds DL4J's layers in .pare files to what DL4J makes of their configurations. */
public final class StockLayerCheck implements ArchitectureCheck {
  @Override
  public void check(Architecture architecture) {
    StockLayers.check(architecture);
  }
}
