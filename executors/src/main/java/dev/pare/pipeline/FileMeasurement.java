package dev.pare.pipeline;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.ArtifactSummary;
import dev.pare.artifact.DecodedArtifact;
import dev.pare.artifact.MalformedArtifactException;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
      Examples validation) {
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
        Evaluator.correctness(network, validation));
  }

  /**
   * Whether a measurement is what the file gives when it is decoded and evaluated again, but for
   * what machines of different kinds round differently.
   *
   * @param original the network that was compressed
   */
  public static boolean confirms(
      Measurement told, byte[] file, Architecture original, Examples validation) {
    Measurement own;
    try {
      own = of(file, new ArtifactReader().decode(file), told.byOrigin(), original, validation);
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
            told.validation());
    return rounded.equals(told)
        && agree(own.operations(), told.operations())
        && agree(own.validation(), told.validation());
  }

  private static boolean agree(Operations one, Operations other) {
    return one.originalMultiplyAdds() == other.originalMultiplyAdds()
        && one.multiplyAdds() == other.multiplyAdds()
        && Math.abs(one.activationDensity() - other.activationDensity()) <= ROUNDING
        && Math.abs(one.effectiveMultiplyAdds() - other.effectiveMultiplyAdds())
            <= ROUNDING * one.multiplyAdds();
  }

  private static boolean agree(Correctness one, Correctness other) {
    BitSet differing = BitSet.valueOf(HexFormat.of().parseHex(one.bits()));
    differing.xor(BitSet.valueOf(HexFormat.of().parseHex(other.bits())));
    return one.examples() == other.examples()
        && differing.cardinality() <= Math.ceil(ROUNDING * one.examples());
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
