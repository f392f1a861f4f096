package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Architecture;
import dev.pare.prepare.Preparation;
import java.util.List;
import java.util.Optional;

/**
 * A .pare file whose tensors are decoded when asked for, each by itself: besides the file's own
 * bytes there need not be more in memory than one tensor. Immutable; any number of threads may
 * read.
 */
public final class OpenArtifact {
  private final Architecture architecture;
  private final Optional<Origin> origin;
  private final Preparation preparation;
  private final List<TensorSection> sections;

  OpenArtifact(
      Architecture architecture,
      Optional<Origin> origin,
      Preparation preparation,
      List<TensorSection> sections) {
    this.architecture = requireNonNull(architecture, "architecture is null");
    this.origin = requireNonNull(origin, "origin is null");
    this.preparation = requireNonNull(preparation, "preparation is null");
    this.sections = List.copyOf(sections);
  }

  public Architecture architecture() {
    return architecture;
  }

  /** What turns raw rows into the network's features, and the names of its classes. */
  public Preparation preparation() {
    return preparation;
  }

  /** How the file holds a tensor. */
  public Representation representation(int index) {
    return sections.get(index).representation();
  }

  /**
   * Decodes one tensor, and no other.
   *
   * @param index within {@link Architecture#tensors()}
   * @throws MalformedArtifactException if there is no such tensor in its section
   * @throws IndexOutOfBoundsException if the architecture has fewer
   */
  public CompressedTensor tensor(int index) {
    return sections.get(index).read().tensor();
  }

  /**
   * Decodes all tensors.
   *
   * @throws MalformedArtifactException if a section does not hold its tensor
   */
  public CompressedNetwork network() {
    return new CompressedNetwork(
        architecture,
        sections.stream().map(section -> section.read().tensor()).toList(),
        origin,
        preparation);
  }

  Optional<Origin> origin() {
    return origin;
  }

  List<TensorSection> sections() {
    return sections;
  }
}
