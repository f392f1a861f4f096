package dev.pare.plan;

import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.StageSettings;
import org.jspecify.annotations.Nullable;

/** How long stages take. */
@FunctionalInterface
public interface StageCosts {
  /**
   * The seconds of a stage.
   *
   * @param start the layers that its student began with; null for the teacher's
   */
  double seconds(StageSettings stage, @Nullable ArchitectureForm start);
}
