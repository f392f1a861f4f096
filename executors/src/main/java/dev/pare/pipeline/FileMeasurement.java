package dev.pare.pipeline;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.ArtifactSummary;
import dev.pare.artifact.DecodedArtifact;
import dev.pare.artifact.MalformedArtifactException;
import dev.pare.candidate.Confusion;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Sha256;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.evaluate.OperationCount;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is measured on a candidate's file, from its bytes. */
public final class FileMeasurement {
  /**
   * The share of examples, and the part of the activations, that may differ between two machines:
   * those of different kinds round differently.
   */
  private static final double ROUNDING = 1e-3;

  private FileMeasurement() {}

  static Measurement of(
      byte[] file,
      DecodedArtifact decoded,
      OriginBytes byOrigin,
      Architecture original,
      Examples validation,
      Metric metric) {
    Network network = decoded.network().toNetwork();
    ArtifactSummary summary = decoded.summary();
    return new Measurement(
        summary.size(),
        byOrigin,
        Sha256.hex(file),
        original.parameters(),
        nonzeroWeights(network),
        OperationCount.of(network, original, validation),
        layers(summary, original),
        Evaluator.evaluation(decoded.network(), validation, metric));
  }

  /**
   * Whether a measurement is what the file gives when it is decoded and evaluated again, but for
   * what machines of different kinds round differently.
   *
   * @param original the network that was compressed
   * @param metric by which it was to be judged
   */
  public static boolean confirms(
      Measurement told, byte[] file, Architecture original, Examples validation, Metric metric) {
    Measurement own;
    try {
      DecodedArtifact decoded = new ArtifactReader().decode(file);
      own = of(file, decoded, told.byOrigin(), original, validation, metric);
    } catch (MalformedArtifactException e) {
      return false;
    }
    Measurement rounded =
        new Measurement(
                own.size(),
                own.byOrigin(),
                own.sha256(),
                own.parameters(),
                own.nonzeroWeights(),
                told.operations(),
                own.layers(),
                told.evaluation())
            // Attacks take too long to be repeated.
            .with(told.robustness());
    return rounded.equals(told)
        && agree(told.byOrigin(), file)
        && agree(own.operations(), told.operations())
        && agree(own.score(), told.score())
        && agree(own.validation(), told.validation())
        && agree(own.confusion(), told.confusion());
  }

  /** One of them is the file's, where any is known. */
  private static boolean agree(OriginBytes told, byte[] file) {
    return told.equals(OriginBytes.UNKNOWN)
        || Long.valueOf(file.length).equals(told.with())
        || Long.valueOf(file.length).equals(told.without());
  }

  private static boolean agree(Operations one, Operations other) {
    return one.originalMultiplyAdds() == other.originalMultiplyAdds()
        && one.multiplyAdds() == other.multiplyAdds()
        && Math.abs(one.activationDensity() - other.activationDensity()) <= ROUNDING
        && Math.abs(one.effectiveMultiplyAdds() - other.effectiveMultiplyAdds())
            <= ROUNDING * one.multiplyAdds();
  }

  /** One flipped example moves an interval's ends farther than its middle. */
  private static boolean agree(Estimate one, Estimate other) {
    double slack =
        one.metric().givesShares()
            ? Math.ceil(ROUNDING * one.examples()) / one.examples()
            : ROUNDING * Math.max(Math.abs(one.low()), Math.abs(one.high()));
    return one.metric().equals(other.metric())
        && one.examples() == other.examples()
        && Math.abs(one.value() - other.value()) <= slack
        && Math.abs(one.low() - other.low()) <= 2 * slack
        && Math.abs(one.high() - other.high()) <= 2 * slack;
  }

  private static boolean agree(@Nullable Correctness one, @Nullable Correctness other) {
    if (one == null || other == null) {
      return one == other;
    }
    BitSet differing = BitSet.valueOf(HexFormat.of().parseHex(one.bits()));
    differing.xor(BitSet.valueOf(HexFormat.of().parseHex(other.bits())));
    return one.examples() == other.examples()
        && differing.cardinality() <= Math.ceil(ROUNDING * one.examples());
  }

  /** One flipped example is in two other cells; earlier versions counted none. */
  private static boolean agree(@Nullable Confusion own, @Nullable Confusion told) {
    if (told == null) {
      return true;
    }
    if (own == null || own.classes() != told.classes()) {
      return false;
    }
    Map<List<Integer>, Integer> differences = new HashMap<>();
    int examples = 0;
    for (int i = 0; i < own.cells().size(); i += 3) {
      differences.merge(own.cells().subList(i, i + 2), own.cells().get(i + 2), Integer::sum);
      examples += own.cells().get(i + 2);
    }
    for (int i = 0; i < told.cells().size(); i += 3) {
      differences.merge(told.cells().subList(i, i + 2), -told.cells().get(i + 2), Integer::sum);
    }
    return differences.values().stream().mapToLong(Math::abs).sum()
        <= 2 * Math.ceil(ROUNDING * examples);
  }

  private static List<LayerSize> layers(ArtifactSummary summary, Architecture original) {
    List<LayerSize> layers = new ArrayList<>();
    Map<Role, Integer> next = new EnumMap<>(Role.class);
    for (ArtifactSummary.Tensor tensor : summary.tensors()) {
      ParameterTensor place = tensor.place();
      int number = next.merge(place.role(), 1, Integer::sum) - 1;
      layers.add(
          new LayerSize(
              place.name(),
              tensor.representation().name().toLowerCase(Locale.ROOT).replace('_', ' '),
              sizeBefore(original, summary, place, number),
              place.rows(),
              place.columns(),
              tensor.nonzeros(),
              tensor.distinctValues(),
              tensor.totalBytes()));
    }
    return layers;
  }

  /**
   * Of the original's tensors of a role the one of the same number, since layers of other kinds may
   * have come or gone; the tensor itself where tensors of that role have gone.
   */
  private static int sizeBefore(
      Architecture original, ArtifactSummary summary, ParameterTensor place, int number) {
    List<ParameterTensor> before =
        original.tensors().stream().filter(t -> t.role() == place.role()).toList();
    long now = summary.tensors().stream().filter(t -> t.place().role() == place.role()).count();
    return before.size() == now ? before.get(number).size() : place.size();
  }

  private static long nonzeroWeights(Network network) {
    long nonzero = 0;
    for (ParameterTensor tensor : network.architecture().tensors()) {
      if (tensor.isWeight()) {
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          nonzero += network.parameters()[i] == 0 ? 0 : 1;
        }
      }
    }
    return nonzero;
  }
}
