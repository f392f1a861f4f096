package dev.pare.model;

import static java.util.Objects.requireNonNull;

import dev.pare.model.Layer.Convolution;
import dev.pare.model.Layer.Dense;
import dev.pare.model.Layer.Pool;
import dev.pare.model.Layer.Pooling;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * An architecture by its name; what it reads and how many classes it tells apart come from the
 * data.
 *
 * @param name the family
 * @param widths units of the hidden layers, from input to output; only a {@link Name#MLP} has any,
 *     and one without is softmax regression
 */
public record NamedArchitecture(Name name, List<Integer> widths) implements Serializable {
  public NamedArchitecture {
    requireNonNull(name, "name is null");
    widths = List.copyOf(widths);
    if (name != Name.MLP && !widths.isEmpty()) {
      throw new IllegalArgumentException("widths = " + widths + ": only an mlp has free widths");
    }
    for (int width : widths) {
      if (width < 1) {
        throw new IllegalArgumentException("widths = " + widths + ": must be at least 1");
      }
    }
  }

  /** A network with fixed layers. */
  public static NamedArchitecture of(Name name) {
    return new NamedArchitecture(name, List.of());
  }

  /** The families. */
  public enum Name {
    /** Dense layers with ReLU of any widths. */
    MLP,
    /** Dense layers of 300 and 100 units with ReLU (LeCun et al. 1998, with today's activation). */
    LENET_300_100,
    /**
     * Caffe's variant of LeNet-5: convolutions of 20 and 50 filters of 5×5, each followed by 2×2
     * maximum pooling and no activation, then 500 dense units with ReLU. 431,080 parameters on
     * 28×28 with ten classes.
     */
    LENET_5
  }

  /**
   * The architecture for these data.
   *
   * @param classes at least 1
   * @throws IllegalArgumentException if the input is too small for the layers
   */
  public Architecture resolve(InputShape input, int classes) {
    List<Layer> layers = new ArrayList<>();
    switch (name) {
      case MLP -> hidden(layers, widths);
      case LENET_300_100 -> hidden(layers, List.of(300, 100));
      case LENET_5 -> {
        layers.add(new Convolution(20, 5, 1, Activation.IDENTITY));
        layers.add(new Pooling(Pool.MAX, 2, 2));
        layers.add(new Convolution(50, 5, 1, Activation.IDENTITY));
        layers.add(new Pooling(Pool.MAX, 2, 2));
        hidden(layers, List.of(500));
      }
    }
    layers.add(new Dense(classes, Activation.SOFTMAX));
    return new Architecture(input, layers);
  }

  private static void hidden(List<Layer> layers, List<Integer> widths) {
    widths.forEach(width -> layers.add(new Dense(width, Activation.RELU)));
  }
}
