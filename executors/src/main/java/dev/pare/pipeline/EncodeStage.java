package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Encode;
import dev.pare.prepare.Preparation;
import dev.pare.rewrite.BiasPrecision;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.rewrite.FoldedNormalization;
import dev.pare.rewrite.TablePrecision;
import dev.pare.rewrite.WrittenNetwork;

/**
 * The stage that makes a student's file: the same function, up to the precision asked for, in fewer
 * bytes.
 */
final class EncodeStage {
  private final Preparation preparation;

  EncodeStage(Preparation preparation) {
    this.preparation = requireNonNull(preparation, "preparation is null");
  }

  WrittenNetwork run(Encode settings, CompressedNetwork student) {
    DistillationCheck.checkAttack(settings, student.architecture());
    CompressedNetwork folded =
        settings.batchNormalization() == BatchNormalization.FOLD
            ? FoldedNormalization.apply(student)
            : student;
    CompressedNetwork simple = EquivalentNetworks.simplify(folded);
    CompressedNetwork normalized =
        switch (settings.normalizationPrecision()) {
          case FLOAT32 -> simple;
          case FLOAT16 -> BiasPrecision.FLOAT16.applyToNormalization(simple);
          case FLOAT8 -> BiasPrecision.FLOAT8.applyToNormalization(simple);
        };
    CompressedNetwork rounded =
        switch (settings.precision()) {
          case FLOAT32 -> normalized;
          case FLOAT16 -> BiasPrecision.FLOAT16.apply(TablePrecision.FLOAT16.apply(normalized));
          case UNIFORM8 -> BiasPrecision.UNIFORM8.apply(TablePrecision.FLOAT16.apply(normalized));
          case FLOAT8 -> BiasPrecision.UNIFORM8.apply(TablePrecision.FLOAT8.apply(normalized));
        };
    return EquivalentNetworks.smallest(rounded.withPreparation(preparation), settings.origin());
  }
}
