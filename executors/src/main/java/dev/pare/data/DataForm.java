package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.prepare.Preparation;
import java.io.Serializable;

/**
 * What training data have in common with all data that a network trained on them can read.
 *
 * @param shape of an example
 * @param outputs of a network for them: how many classes there are, or numbers of a target
 * @param divisor what feature values are divided by before a network's first layer
 * @param preparation of raw rows, and the classes' names
 */
public record DataForm(ExampleShape shape, int outputs, float divisor, Preparation preparation)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public DataForm {
    requireNonNull(shape, "shape is null");
    requireNonNull(preparation, "preparation is null");
  }
}
