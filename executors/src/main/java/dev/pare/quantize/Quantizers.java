package dev.pare.quantize;

import dev.pare.candidate.Quantize;
import dev.pare.candidate.Registry;
import dev.pare.quantize.UniformWeights.Sharing;
import java.util.List;

/** The quantizers there are. */
public final class Quantizers {
  private static final Registry<Quantizer> ALL =
      Registry.of(
          "quantizer",
          Quantizer.class,
          Quantizer::name,
          List.of(
              new UniformQuantizer("uniform", Sharing.TENSOR),
              new UniformQuantizer("uniform-channel", Sharing.ROW),
              new GroupQuantizer(),
              new CodebookQuantizer(),
              new TernaryQuantizer(),
              new BinaryQuantizer(),
              new PowerOfTwoQuantizer(),
              new ProductQuantizer(),
              new EntropyPenalizedQuantizer(),
              new GptqQuantizer()));

  private Quantizers() {}

  /** All names, Pare's own first. */
  public static List<String> names() {
    return ALL.names();
  }

  /**
   * The quantizer of a name.
   *
   * @throws IllegalArgumentException naming those that there are, if there is none
   */
  public static Quantizer of(Quantize.Quantizer name) {
    return ALL.of(name.name());
  }
}
