package dev.pare.spec;

/**
 * What a sweep can vary. The order is that of the stages, so that candidates next to each other
 * share the longest beginnings.
 */
public enum Dimension {
  ORDER(Dimensions.ORDER),
  FACTORIZE(Dimensions.FACTORIZE),
  SPLIT(Dimensions.SPLIT),
  RANK(Domain.shareAboveNothing()),
  LAYER_RANK(Dimensions.LAYER_RANK),
  ENERGY(Domain.shareAboveNothing()),
  RANK_BUDGET(Domain.shareAboveNothing()),
  SINGULAR_THRESHOLD(Domain.properShare()),
  OUTPUT_LAYER(Dimensions.OUTPUT_LAYER),
  REMAINDER(Domain.properShare()),
  ACTIVATION(Dimensions.ACTIVATION),
  THRESHOLD(Domain.notNegative()),
  WINNERS(Dimensions.WINNERS),
  PENALTY(Dimensions.PENALTY),
  STRENGTH(Domain.penalty()),
  START(Dimensions.START),
  SALIENCY(Dimensions.SALIENCY),
  GRANULARITY(Dimensions.GRANULARITY),
  SCOPE(Dimensions.SCOPE),
  SCHEDULE(Dimensions.SCHEDULE),
  SPARSITY(Domain.properShare()),
  OUTPUT_SPARSITY(Domain.properShare()),
  LAYER_SPARSITY(Dimensions.LAYER_SPARSITY),
  TEMPERATURE(Domain.temperature()),
  ALPHA(Domain.share()),
  LEARNING_RATE(Domain.positive()),
  QUANTIZER(Dimensions.QUANTIZER),
  BITS(Domain.bits()),
  GROUP(Domain.group()),
  DIMENSION(Domain.dimension()),
  RATE_DISTORTION(Domain.penalty()),
  RATE_DISTORTION_WEIGHT(Dimensions.WEIGHT),
  PRECISION(Dimensions.PRECISION),
  ORIGIN(Dimensions.ORIGIN);

  private final String key;
  private final Domain<?> domain;

  Dimension(Domain<?> domain) {
    this.key = Domain.format(this);
    this.domain = domain;
  }

  /** Its name in the configuration's {@code space} and in a candidate's point. */
  public String key() {
    return key;
  }

  /** Its values, each in its one spelling. */
  Domain<String> spelling() {
    return new Domain<>(
        domain.requirement(),
        Domain.format(domain.example()),
        raw -> domain.read(raw).map(Domain::format),
        domain.readsLists());
  }

  /**
   * The one spelling of a value: {@code 0.95} for 0.950, {@code 3}, {@code one-shot}.
   *
   * @param value a number, a constant, or a text that spells one
   * @throws IllegalArgumentException if the dimension has no such value
   */
  public String spell(Object value) {
    return spelling()
        .read(Domain.format(value))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    key() + " = " + value + ": must be " + domain.requirement()));
  }
}
