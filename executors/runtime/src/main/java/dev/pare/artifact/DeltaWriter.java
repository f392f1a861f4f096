package dev.pare.artifact;

import dev.pare.artifact.FileHeader.Kind;
import dev.pare.artifact.FileParts.Section;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Writes deltas: what a .pare file has that an older one has not. Equal files give equal bytes. */
public final class DeltaWriter {
  private final byte[] old;
  private final byte[] now;
  private final FileParts oldParts;
  private final FileParts parts;
  private final List<CompressedTensor> oldTensors;
  private final List<CompressedTensor> tensors;
  private final Optional<Origin> oldOrigin;
  private final Optional<Origin> origin;

  /**
   * A writer of deltas between two files.
   *
   * @param before what {@code old} holds
   * @param after what {@code now} holds, as many tensors as {@code before}
   * @throws MalformedArtifactException if one of the files cannot be read
   */
  public DeltaWriter(byte[] old, CompressedNetwork before, byte[] now, CompressedNetwork after) {
    ArtifactReader reader = new ArtifactReader();
    if (before.tensors().size() != after.tensors().size()) {
      throw new IllegalArgumentException(
          "%d tensors against %d".formatted(after.tensors().size(), before.tensors().size()));
    }
    this.old = old;
    this.now = now;
    oldParts = FileParts.of(old, reader);
    parts = FileParts.of(now, reader);
    oldTensors = before.tensors();
    tensors = after.tensors();
    oldOrigin = oldParts.origin();
    origin = parts.origin();
  }

  /**
   * The delta with which {@link DeltaReader} makes {@code now} of {@code old}.
   *
   * @param maps from the units of now to old ones
   */
  public byte[] write(UnitMaps maps) {
    ByteSink body = new ByteSink();
    body.writeBytes(Digest.of(old));
    body.writeBytes(Digest.of(now));
    body.writeByte(parts.header().majorVersion());
    body.writeByte(parts.header().minorVersion());
    if (Arrays.equals(parts.coded(), oldParts.coded())) {
      body.writeVarint(0);
    } else {
      body.writeVarint(parts.coded().length);
      body.writeBytes(parts.coded());
    }
    ByteSink units = new ByteSink();
    maps.write(origin, oldOrigin, units);
    body.writeVarint(units.size());
    body.writeBytes(units.toBytes());
    List<Section> oldSections = oldParts.tensors();
    int next = 0;
    for (Section section : parts.sections()) {
      if (section.isTensor()) {
        int index = next++;
        if (index < oldSections.size() && section.isSame(oldSections.get(index))) {
          body.writeByte(DeltaReader.SAME);
        } else {
          writeTensor(index, section, maps, body);
        }
      } else if (isSameOptional(section)) {
        body.writeByte(DeltaReader.SAME_OPTIONAL);
        body.writeByte(section.kind());
      } else {
        body.writeByte(DeltaReader.WHOLE);
        section.write(body);
      }
    }
    return FileHeader.file(Kind.DELTA, body.toBytes());
  }

  /** The first of its kind in both files, so that it is taken once. */
  private boolean isSameOptional(Section section) {
    Section old = oldParts.optional(section.kind());
    return old != null && section.isSame(old) && parts.optional(section.kind()) == section;
  }

  private void writeTensor(int index, Section section, UnitMaps maps, ByteSink body) {
    ParameterTensor place = parts.architecture().tensors().get(index);
    OldTensor was = OldTensor.of(place, oldTensors.get(index), maps);
    ByteSink relative = new ByteSink();
    RelativeTensor.write(tensors.get(index), section.bytes(), was, relative);
    byte[] told = relative.toBytes();
    // What another program wrote may not be what this one writes.
    LevelCoders first = new LevelCoders(parts.architecture(), origin.orElse(null));
    boolean isRelative =
        told.length < section.bytes().length && gives(told, place, was, first, section);
    body.writeByte(isRelative ? DeltaReader.RELATIVE : DeltaReader.WHOLE);
    if (isRelative) {
      body.writeByte(section.kind());
      body.writeVarint(told.length);
      body.writeBytes(told);
    } else {
      section.write(body);
    }
  }

  private static boolean gives(
      byte[] told, ParameterTensor place, OldTensor was, LevelCoders first, Section section) {
    ByteSource in =
        new ByteSource(told, 0, told.length, MalformedArtifactException.Fault.INVALID_CONTENT);
    try {
      byte[] content = RelativeTensor.content(section.kind(), place, was, first, in);
      return Arrays.equals(content, section.bytes());
    } catch (MalformedArtifactException e) {
      return false;
    }
  }
}
