package dev.pare.artifact;

import dev.pare.candidate.Encode;
import dev.pare.candidate.OriginBytes;
import dev.pare.codec.LevelCoding;
import dev.pare.graph.Activation;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Layer;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.SparseActivation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Networks of the same function as others, in fewer bytes. */
public final class EquivalentNetworks {
  private EquivalentNetworks() {}

  /**
   * The network without hidden units that nobody reads, and those whose output is constant since
   * they read nothing: these move into the bias of the next layer, if that is held as floats. Of
   * units that compete only those that never win go. At least one unit stays in each layer.
   * Centroids and words that no weight has go too.
   *
   * <p>The function stays up to the rounding of the biases that constants moved into.
   */
  public static CompressedNetwork simplify(CompressedNetwork network) {
    CompressedNetwork simple = network;
    int parameters;
    do {
      parameters = simple.architecture().parameters();
      // From the output on, so that what only an unread unit reads goes in the same pass.
      List<Integer> hidden = HiddenUnits.layers(simple);
      for (int i = hidden.size() - 1; i >= 0; i--) {
        simple = withoutUseless(simple, hidden.get(i));
      }
    } while (simple.architecture().parameters() < parameters);
    return simple.withTensors(simple.tensors().stream().map(EquivalentNetworks::compact).toList());
  }

  private static CompressedTensor compact(CompressedTensor tensor) {
    if (tensor instanceof CodebookTensor codebook) {
      return codebook.compact();
    }
    return tensor instanceof ProductTensor product ? product.compact() : tensor;
  }

  /**
   * The network with its hidden units in an order in which each is like the one before: what tells
   * more to a code that knows the row above. A layer whose bytes do not become fewer stays as it
   * is, by codes that do not know where weights began.
   *
   * <p>The function stays up to the rounding of sums in another order. Of units that compete with
   * equal numbers, others may win.
   */
  public static CompressedNetwork order(CompressedNetwork network) {
    return order(network, new Contents(LevelCoding.CONTEXT_ARITHMETIC));
  }

  private static CompressedNetwork order(CompressedNetwork network, Contents contents) {
    CompressedNetwork ordered = network;
    for (int layer : HiddenUnits.layers(network)) {
      HiddenUnits units = HiddenUnits.of(ordered, layer);
      int[] order = UnitOrder.ofSimilar(units.weight(), units.nextWeight());
      CompressedNetwork candidate = units.select(order);
      if (bytesAround(candidate, layer, contents) < bytesAround(ordered, layer, contents)) {
        ordered = candidate;
      }
    }
    return ordered;
  }

  /** The network ordered as {@link #order} says, in a file that does not hold its origin. */
  public static WrittenNetwork withoutOrigin(CompressedNetwork network) {
    Contents contents = new Contents(LevelCoding.CONTEXT_ARITHMETIC);
    CompressedNetwork unknown = network.withOrigin(Optional.empty());
    return WrittenNetwork.of(order(unknown, contents), contents);
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

  private static CompressedNetwork withoutUseless(CompressedNetwork network, int layer) {
    HiddenUnits units = HiddenUnits.of(network, layer);
    if (units.activation() == Activation.SOFTMAX) {
      // Every unit changes the others.
      return network;
    }
    float[] incoming = units.weight().toFloats();
    float[] outgoing = units.nextWeight().toFloats();
    float[] bias = units.bias().toFloats();
    double[] nextBias = widened(units.nextBias().toFloats());
    boolean mayFold = units.nextBias() instanceof FloatTensor && !units.readWithPadding();
    boolean folded = false;
    int inputs = units.weight().columns();
    int fanOut = units.fanOut();
    int nextInputs = units.nextWeight().columns();
    int[] kept = new int[units.count()];
    int count = 0;
    for (int unit = 0; unit < kept.length; unit++) {
      boolean last = unit == kept.length - 1 && count == 0;
      boolean unread = true;
      for (int row = 0; row < nextBias.length; row++) {
        int from = row * nextInputs + unit * fanOut;
        unread &= isZero(outgoing, from, from + fanOut);
      }
      boolean useless = unread && !units.compete();
      if (!useless
          && !last
          && !units.normalized()
          && isZero(incoming, unit * inputs, (unit + 1) * inputs)) {
        OptionalDouble said = said(units, activated(units.activation(), bias[unit]));
        double constant = said.orElse(0);
        useless = said.isPresent() && (constant == 0 || unread || mayFold);
        if (constant != 0 && useless && !unread) {
          folded = true;
          for (int row = 0; row < nextBias.length; row++) {
            for (int i = 0; i < fanOut; i++) {
              nextBias[row] += constant * outgoing[row * nextInputs + unit * fanOut + i];
            }
          }
        }
      }
      if (!useless || last) {
        kept[count++] = unit;
      }
    }
    if (folded) {
      units.setNextBias(new FloatTensor(1, nextBias.length, narrowed(nextBias)));
    }
    return count == kept.length ? network : units.select(Arrays.copyOf(kept, count));
  }

  /**
   * What the layers up to the next weights make of a constant, if the other units have no say in
   * it. Pooling leaves it as it is.
   */
  private static OptionalDouble said(HiddenUnits units, double constant) {
    OptionalDouble said = OptionalDouble.of(constant);
    for (Layer layer : units.between()) {
      if (said.isPresent() && layer instanceof SparseActivation sparse) {
        said = sparse.of(said.getAsDouble());
      } else if (said.isPresent() && layer instanceof Elementwise function) {
        said = OptionalDouble.of(function.of(said.getAsDouble()));
      }
    }
    return said;
  }

  private static double activated(Activation activation, double sum) {
    return switch (activation) {
      case IDENTITY -> sum;
      case RELU -> Math.max(0, sum);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-sum));
      case TANH -> StrictMath.tanh(sum);
      case SOFTMAX -> throw new IllegalArgumentException("no function of one sum: " + activation);
    };
  }

  private static boolean isZero(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      if (values[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static double[] widened(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static float[] narrowed(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /** Bytes of a hidden layer's tensors and of the weights that read it, without an origin. */
  private static int bytesAround(CompressedNetwork network, int layer, Contents contents) {
    int bytes = 0;
    FirstWeights none = FirstWeights.none(network);
    List<ParameterTensor> places = network.architecture().tensors();
    for (int i : HiddenUnits.of(network, layer).around()) {
      bytes += contents.of(network.tensors().get(i), places.get(i), none).bytes().length;
    }
    return bytes;
  }
}
