package dev.pare.spec;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regularize;
import java.util.List;

/** The domains of settings that are dimensions, too. */
final class Dimensions {
  static final Domain<StudentSpec.Order> ORDER = Domain.oneOf(StudentSpec.Order.class).orList("-");
  static final Domain<Factorize.Method> FACTORIZE = Domain.oneOf(Factorize.Method.class);
  static final Domain<Factorize.Split> SPLIT = Domain.oneOf(Factorize.Split.class);
  static final Domain<List<Double>> LAYER_RANK =
      Domain.shareAboveNothing().listed("a list of numbers above 0, at most 1", List.of(0.2, 1.0));
  static final Domain<Factorize.OutputLayer> OUTPUT_LAYER =
      Domain.oneOf(Factorize.OutputLayer.class);
  static final Domain<Activate.Rule> ACTIVATION = Domain.oneOf(Activate.Rule.class);
  static final Domain<Double> WINNERS =
      Domain.reals("a number above 0 and at most 1", 1, x -> x > 0 && x <= 1);
  static final Domain<Regularize.Penalty> PENALTY = Domain.oneOf(Regularize.Penalty.class);
  static final Domain<Prune.Start> START = Domain.oneOf(Prune.Start.class);
  static final Domain<Prune.Saliency> SALIENCY = Domain.oneOf(Prune.Saliency.class);
  static final Domain<Granularity> GRANULARITY =
      new Domain<>(
          "weight, N:M as in 2:4, rows x columns of a block as in 4x4, unit, head or layer",
          Granularity.WEIGHT,
          raw -> Granularity.parse(raw.toString()));
  static final Domain<Prune.Scope> SCOPE = Domain.oneOf(Prune.Scope.class);
  static final Domain<Prune.Schedule> SCHEDULE = Domain.oneOf(Prune.Schedule.class);
  static final Domain<List<Double>> LAYER_SPARSITY =
      Domain.properShare().listed("a list of numbers, at least 0 and below 1", List.of(0.9, 0.5));
  static final Domain<Quantize.Quantizer> QUANTIZER = Domain.oneOf(Quantize.Quantizer.class);
  static final Domain<Quantize.Weight> WEIGHT = Domain.oneOf(Quantize.Weight.class);
  static final Domain<Encode.Precision> PRECISION = Domain.oneOf(Encode.Precision.class);
  static final Domain<Encode.Origin> ORIGIN = Domain.oneOf(Encode.Origin.class);

  private Dimensions() {}
}
