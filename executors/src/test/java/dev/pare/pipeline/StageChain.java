package dev.pare.pipeline;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.StageSettings;
import dev.pare.rewrite.WrittenNetwork;

/** Runs stages one by one, without a store. */
record StageChain(DistillationData distillation) {
  CompressedNetwork run(StageSettings settings, CompressedNetwork student, long seed) {
    return written(settings, student, seed).network();
  }

  WrittenNetwork written(StageSettings settings, CompressedNetwork student, long seed) {
    return new Stages(distillation).run(settings, student, seed);
  }
}
