package dev.pare.artifact;

import dev.pare.artifact.FileHeader.Kind;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A .pare file taken apart, tensors not decoded.
 *
 * @param coded the architecture's bytes
 * @param sections all of them, optional ones too, in their order
 */
record FileParts(
    FileHeader header, Architecture architecture, byte[] coded, List<Section> sections) {
  private static final int FIRST_OPTIONAL_KIND = 128;

  /** Two of each kind: whatever has more was made to be large. */
  private static final int MOST_OPTIONAL = 256;

  /** A section: its kind, and its content, which stays where it begins. */
  record Section(int kind, ByteSource content) {
    boolean isTensor() {
      return kind < FIRST_OPTIONAL_KIND;
    }

    byte[] bytes() {
      ByteSource all = content.duplicate();
      return all.readBytes(all.remaining());
    }

    boolean isSame(Section other) {
      return kind == other.kind && Arrays.equals(bytes(), other.bytes());
    }

    /** Appends it, as files have it. */
    void write(ByteSink out) {
      byte[] bytes = bytes();
      out.writeByte(kind);
      out.writeVarint(bytes.length);
      out.writeBytes(bytes);
    }
  }

  FileParts {
    sections = List.copyOf(sections);
  }

  /**
   * The parts of a file.
   *
   * @throws MalformedArtifactException if it cannot be read, or is beyond the reader's limit
   */
  static FileParts of(byte[] file, ArtifactReader reader) {
    FileHeader header = FileHeader.read(Kind.NETWORK, file);
    ByteSource in = header.body(file);
    int from = in.position();
    Architecture architecture = reader.architecture(in);
    byte[] coded = Arrays.copyOfRange(file, from, in.position());
    List<Section> sections = new ArrayList<>();
    while (in.remaining() > 0) {
      checkCount(sections.size(), architecture, in);
      int kind = in.readByte();
      sections.add(new Section(kind, in.readSource(in.readVarint())));
    }
    return new FileParts(header, architecture, coded, sections);
  }

  /**
   * Before another section: a byte or two of a file make an object of one.
   *
   * @throws MalformedArtifactException if there are more than any network has
   */
  static void checkCount(int sections, Architecture architecture, ByteSource in) {
    int most = architecture.tensors().size() + MOST_OPTIONAL;
    if (sections >= most) {
      throw in.invalid("more than " + most + " sections");
    }
  }

  /**
   * The tensor in a section.
   *
   * @param first weights of its network
   * @throws MalformedArtifactException if there is none
   */
  static CompressedTensor tensor(Section section, ParameterTensor place, LevelCoders first) {
    ByteSource content = section.content().duplicate();
    return TensorFormat.read(
            Representation.of(section.kind(), content), place, first.coders(place), content)
        .tensor();
  }

  /** The sections of tensors. */
  List<Section> tensors() {
    List<Section> tensors = new ArrayList<>(sections);
    tensors.removeIf(section -> !section.isTensor());
    return tensors;
  }

  /** The first section of a kind that is optional, if there is one. */
  @Nullable Section optional(int kind) {
    for (Section section : sections) {
      if (section.kind() == kind && !section.isTensor()) {
        return section;
      }
    }
    return null;
  }

  /** Where its training began, if it says so. */
  Optional<Origin> origin() {
    Section section = optional(OriginFormat.KIND);
    return section == null
        ? Optional.empty()
        : Optional.of(OriginFormat.read(architecture, section.content().duplicate()));
  }
}
