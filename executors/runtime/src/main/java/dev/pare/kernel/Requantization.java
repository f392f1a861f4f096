package dev.pare.kernel;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Layer;
import dev.pare.graph.Quantization;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a layer's numbers where a quantization alone reads them, and nothing but a ReLU
 * or a clipping is between: they are rounded to its steps and clipped, both at once.
 *
 * @param output the quantization
 * @param last its node
 * @param least of the steps above its zero
 * @param most of these
 */
public record Requantization(Quantization output, int last, int least, int most) {
  /** Of the numbers that a node makes, if it has one. */
  public static Optional<Requantization> after(Architecture architecture, int node) {
    Activation activation = architecture.layers().get(node).activation();
    int next = onlyReader(architecture, node);
    Elementwise clipping = null;
    if (next >= 0 && architecture.layers().get(next) instanceof Elementwise function) {
      boolean clips =
          function.function() == Elementwise.Function.RELU
              || function.function() == Elementwise.Function.CLIP;
      clipping = clips ? function : null;
      next = clips ? onlyReader(architecture, next) : -1;
    }
    if (next < 0 || activation != Activation.IDENTITY && activation != Activation.RELU) {
      return Optional.empty();
    }
    Layer reader = architecture.layers().get(next);
    return reader instanceof Quantization output
        ? Optional.of(of(activation, clipping, output, next))
        : Optional.empty();
  }

  private static Requantization of(
      Activation activation, @Nullable Elementwise clipping, Quantization output, int last) {
    int least = activation == Activation.RELU ? 0 : -output.zeroPoint();
    int most = Quantization.LAST_LEVEL - output.zeroPoint();
    if (clipping != null) {
      boolean isClip = clipping.function() == Elementwise.Function.CLIP;
      least = Math.max(least, isClip ? output.steps(clipping.first()) : 0);
      most = isClip ? Math.min(most, output.steps(clipping.second())) : most;
    }
    return new Requantization(output, last, Math.min(least, most), most);
  }

  private static int onlyReader(Architecture architecture, int node) {
    List<Integer> readers = architecture.readers(node);
    return readers.size() == 1 ? readers.get(0) : -1;
  }
}
