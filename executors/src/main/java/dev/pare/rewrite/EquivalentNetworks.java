package dev.pare.rewrite;

import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.artifact.SectionCache;
import dev.pare.candidate.Encode;
import dev.pare.candidate.OriginBytes;
import dev.pare.codec.LevelCoding;
import dev.pare.data.ConstantFeatures;
import dev.pare.graph.Architecture;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.structure.ChannelGroups;
import dev.pare.structure.ChannelGroups.Group;
import dev.pare.structure.DeadChannels;
import dev.pare.structure.KeptChannels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Networks of the same function as others, in fewer bytes. */
public final class EquivalentNetworks {
  private EquivalentNetworks() {}

  /**
   * The network without hidden units and channels that have no outgoing weights, and without those
   * that are constant ({@link DeadChannels}): these move into the biases of the layers that read
   * them, if these are held as floats. Centroids and words that no weight has go too.
   *
   * <p>The function stays up to the rounding of the biases that constants moved into. Of a network
   * with an origin only units go of which an origin can tell which are left.
   */
  public static CompressedNetwork simplify(CompressedNetwork network) {
    CompressedNetwork simple = network;
    int parameters;
    do {
      // Of a depthwise convolution of one channel that is left, filters can go one by one.
      parameters = simple.architecture().parameters();
      simple = withoutDeadChannels(simple);
    } while (simple.architecture().parameters() < parameters);
    return simple.withTensors(simple.tensors().stream().map(EquivalentNetworks::compact).toList());
  }

  private static CompressedNetwork withoutDeadChannels(CompressedNetwork network) {
    Architecture architecture = network.architecture();
    FreeChannels free = new FreeChannels(network);
    List<ParameterTensor> places = architecture.tensors();
    Set<Integer> floats = new HashSet<>();
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).role() == Role.BIAS && network.tensors().get(i) instanceof FloatTensor) {
        floats.add(places.get(i).layer());
      }
    }
    DeadChannels dead =
        new DeadChannels(
            network.toNetwork(),
            ConstantFeatures.none(architecture.input().size()),
            free::isFree,
            floats::contains);
    dead.removeAll();
    float[] parameters = dead.parameters();
    List<CompressedTensor> tensors = new ArrayList<>(network.tensors());
    for (ParameterTensor bias : dead.folded()) {
      float[] values = Arrays.copyOfRange(parameters, bias.offset(), bias.end());
      tensors.set(places.indexOf(bias), new FloatTensor(1, values.length, values));
    }
    return select(network.withTensors(tensors), dead.kept());
  }

  /** The network in which only these channels remain, in their order. */
  public static CompressedNetwork select(CompressedNetwork network, KeptChannels kept) {
    List<ParameterTensor> places = network.architecture().tensors();
    List<CompressedTensor> tensors = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      int[] rows = kept.rows(places.get(i));
      int[] columns = kept.columns(places.get(i));
      CompressedTensor tensor = network.tensors().get(i);
      tensors.add(
          isAll(rows, tensor.rows()) && isAll(columns, tensor.columns())
              ? tensor
              : TensorSlices.of(tensor, rows, columns));
    }
    return new CompressedNetwork(
        kept.architecture(),
        tensors,
        network.origin().map(origin -> origin.select(kept.original(), kept::of)));
  }

  private static boolean isAll(int[] indices, int count) {
    return indices.length == count && IntStream.range(0, count).allMatch(i -> indices[i] == i);
  }

  private static CompressedTensor compact(CompressedTensor tensor) {
    if (tensor instanceof CodebookTensor codebook) {
      return codebook.compact();
    }
    return tensor instanceof ProductTensor product ? product.compact() : tensor;
  }

  /**
   * The network with its hidden units and channels in an order in which each is like the one
   * before: what a code that knows the row above needs fewer bits for. Units whose tensors do not
   * take fewer bytes for it stay as they are, by codes that do not know where weights began.
   *
   * <p>The function stays up to the rounding of sums in another order. Of units that compete with
   * equal numbers, others may win.
   */
  public static CompressedNetwork order(CompressedNetwork network) {
    return order(network, new SectionCache(LevelCoding.CONTEXT_ARITHMETIC));
  }

  private static CompressedNetwork order(CompressedNetwork network, SectionCache contents) {
    CompressedNetwork ordered = network;
    int kinds = ChannelGroups.of(network.architecture()).alike().size();
    for (int kind = 0; kind < kinds; kind++) {
      ChannelGroups all = ChannelGroups.of(ordered.architecture());
      List<Group> groups = all.alike().get(kind);
      if (groups.size() > 1 && new FreeChannels(ordered).isFree(groups.get(0))) {
        KeptChannels places = all.ordered(groups, UnitOrder.ofSimilar(ordered, groups));
        CompressedNetwork candidate = select(ordered, places);
        int[] moved = moved(places);
        if (contents.bytes(candidate, moved) < contents.bytes(ordered, moved)) {
          ordered = candidate;
        }
      }
    }
    return ordered;
  }

  /** The tensors of which rows or columns change places. */
  private static int[] moved(KeptChannels places) {
    List<ParameterTensor> tensors = places.original().tensors();
    return IntStream.range(0, tensors.size())
        .filter(
            i ->
                !isAll(places.rows(tensors.get(i)), tensors.get(i).rows())
                    || !isAll(places.columns(tensors.get(i)), tensors.get(i).columns()))
        .toArray();
  }

  /**
   * The network simplified and ordered as {@link #order} says, in a file that does not hold its
   * origin.
   */
  public static WrittenNetwork withoutOrigin(CompressedNetwork network) {
    SectionCache contents = new SectionCache(LevelCoding.CONTEXT_ARITHMETIC);
    CompressedNetwork unknown = network.withOrigin(Optional.empty());
    CompressedNetwork ordered = order(simplify(unknown), contents);
    return WrittenNetwork.of(ordered.withPreparation(network.preparation()), contents);
  }

  /**
   * The network ordered as {@link #order} says, or with its origin if it has one and the file may
   * hold it, whichever takes the fewest bytes. With an origin the units keep their order: to tell
   * another one would take more bytes than it saves, since weights are expected where they began
   * and not beside others.
   */
  public static WrittenNetwork smallest(CompressedNetwork network, Encode.Origin origin) {
    WrittenNetwork without = withoutOrigin(network);
    long plain = without.file().length;
    if (network.origin().isEmpty()) {
      return without.with(new OriginBytes(null, plain));
    }
    WrittenNetwork with = WrittenNetwork.of(network);
    long known = with.file().length;
    boolean holds = origin == Encode.Origin.ON && known < plain;
    return (holds ? with : without).with(new OriginBytes(known, plain));
  }
}
