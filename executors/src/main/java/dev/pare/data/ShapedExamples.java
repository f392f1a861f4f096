package dev.pare.data;

import static java.util.Objects.requireNonNull;

/**
 * What a format has read from one file: examples, and what one of them is.
 *
 * @param examples the features as the file has them; labels as {@link ClassLabels} numbered them
 * @param usualDivisor what values of their type are divided by unless the settings say otherwise:
 *     255 for unsigned bytes, 1 for all others
 */
public record ShapedExamples(Examples examples, ExampleShape shape, float usualDivisor) {
  public ShapedExamples {
    requireNonNull(examples, "examples is null");
    requireNonNull(shape, "shape is null");
  }
}
