package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.FileHeader.Kind;
import dev.pare.artifact.FileParts.Section;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes .pare files of older ones and deltas, whatever bytes it gets: it needs memory for what both
 * files declare, within the limit of a reader, and no more than a few times that.
 */
public final class DeltaReader {
  /** Ways to tell a section. */
  static final int SAME = 0;

  static final int SAME_OPTIONAL = 1;
  static final int WHOLE = 2;
  static final int RELATIVE = 3;

  private final ArtifactReader reader;

  /** A reader of networks up to {@link ArtifactReader#DEFAULT_MAX_PARAMETER_BYTES}. */
  public DeltaReader() {
    this(new ArtifactReader());
  }

  /**
   * @param reader whose limit holds for both files
   */
  public DeltaReader(ArtifactReader reader) {
    this.reader = requireNonNull(reader, "reader is null");
  }

  /** Whether bytes claim to be a delta, by how they begin. */
  public static boolean isDelta(byte[] file) {
    return Kind.DELTA.isMagic(file);
  }

  /**
   * The file that a delta was made for, byte for byte.
   *
   * @param old the file against which it was made
   * @throws MalformedArtifactException if either is damaged, the delta is against another file, or
   *     what it gives is not what it says, or no file that can be read
   */
  public byte[] apply(byte[] old, byte[] delta) {
    ByteSource in = FileHeader.read(Kind.DELTA, delta).body(delta);
    byte[] oldDigest = in.readBytes(Digest.BYTES);
    byte[] newDigest = in.readBytes(Digest.BYTES);
    Digest.check("the delta is against a file with SHA-256", oldDigest, old);
    FileParts were = FileParts.of(old, reader);
    int major = in.readByte();
    int minor = in.readByte();
    ByteSink body = new ByteSink();
    Architecture architecture = architecture(were, in, body);
    ByteSource maps = in.readSource(in.readVarint());
    new Sections(were, architecture, parts(in, architecture), maps, body).write();
    byte[] file = FileHeader.file(Kind.NETWORK, major, minor, body.toBytes());
    Digest.check("the delta is of a file with SHA-256", newDigest, file);
    checkTensors(file);
    return file;
  }

  /**
   * As {@link #apply(byte[], byte[])}.
   *
   * @param old nothing but the file; read to its end, not closed
   * @param delta nothing but the delta; read to its end, not closed
   */
  public byte[] apply(InputStream old, InputStream delta) throws IOException {
    return apply(reader.readFile(Kind.NETWORK, old), reader.readFile(Kind.DELTA, delta));
  }

  /** Each by itself: what a delta has whole was not looked into. */
  private void checkTensors(byte[] file) {
    OpenArtifact made = reader.open(file);
    for (int i = 0; i < made.architecture().tensors().size(); i++) {
      made.tensor(i);
    }
  }

  private Architecture architecture(FileParts were, ByteSource in, ByteSink body) {
    int length = in.readVarint();
    if (length == 0) {
      body.writeBytes(were.coded());
      return were.architecture();
    }
    ByteSource coded = in.readSource(length);
    body.writeBytes(coded.duplicate().readBytes(length));
    Architecture architecture = reader.architecture(coded);
    if (coded.remaining() > 0) {
      throw coded.invalid("an architecture goes on after its end");
    }
    return architecture;
  }

  /** A section: how it is told, its kind where that is said, and what is said of it. */
  private record Part(int way, int kind, ByteSource content) {}

  private static List<Part> parts(ByteSource in, Architecture architecture) {
    List<Part> parts = new ArrayList<>();
    while (in.remaining() > 0) {
      FileParts.checkCount(parts.size(), architecture, in);
      int way = in.readByte();
      int kind = way == SAME ? 0 : in.readByte();
      if (way > RELATIVE) {
        throw in.invalid("a section in unknown encoding " + way);
      }
      boolean isTold = way == WHOLE || way == RELATIVE;
      parts.add(new Part(way, kind, in.readSource(isTold ? in.readVarint() : 0)));
    }
    return parts;
  }

  /** Makes a file's sections of the old one's and a delta's. */
  private static final class Sections {
    private final FileParts were;
    private final List<Section> tensors;
    private final List<ParameterTensor> places;
    private final List<Part> parts;
    private final ByteSink body;
    private final Set<Integer> taken = new HashSet<>();
    private final LevelCoders oldFirst;
    private final LevelCoders first;
    private final UnitMaps maps;
    private int next;

    /**
     * @param in maps of units, which may depend on what sections say
     */
    Sections(
        FileParts were, Architecture architecture, List<Part> parts, ByteSource in, ByteSink body) {
      this.were = were;
      this.parts = parts;
      this.body = body;
      tensors = were.tensors();
      places = architecture.tensors();
      if (tensors.size() != were.architecture().tensors().size()) {
        throw in.invalid("an old file of " + tensors.size() + " tensors");
      }
      Optional<Origin> oldOrigin = were.origin();
      Optional<Origin> origin = origin(architecture);
      oldFirst = new LevelCoders(were.architecture(), oldOrigin.orElse(null));
      first = new LevelCoders(architecture, origin.orElse(null));
      maps = UnitMaps.read(architecture, were.architecture(), origin, oldOrigin, in);
      if (in.remaining() > 0) {
        throw in.invalid("maps of units go on after their end");
      }
    }

    private Optional<Origin> origin(Architecture architecture) {
      for (Part part : parts) {
        if (part.kind() == OriginFormat.KIND) {
          ByteSource content =
              part.way() == SAME_OPTIONAL ? sameOptional(part).content() : part.content();
          return Optional.of(OriginFormat.read(architecture, content.duplicate()));
        }
      }
      return Optional.empty();
    }

    void write() {
      for (Part part : parts) {
        int way = part.way();
        Section section = new Section(part.kind(), part.content());
        if (way == SAME_OPTIONAL) {
          if (!taken.add(part.kind())) {
            throw part.content().invalid("a section of kind " + part.kind() + " again");
          }
          sameOptional(part).write(body);
        } else if (way == WHOLE && !section.isTensor()) {
          section.write(body);
        } else {
          writeTensor(section, way);
        }
      }
    }

    private void writeTensor(Section section, int way) {
      int index = next++;
      if (index >= places.size() || way != WHOLE && index >= tensors.size()) {
        throw section.content().invalid("more tensors than " + index);
      }
      if (way == WHOLE) {
        section.write(body);
      } else if (way == SAME) {
        tensors.get(index).write(body);
      } else {
        ParameterTensor place = places.get(index);
        CompressedTensor tensor =
            FileParts.tensor(
                tensors.get(index), were.architecture().tensors().get(index), oldFirst);
        byte[] content =
            RelativeTensor.content(
                section.kind(),
                place,
                OldTensor.of(place, tensor, maps),
                first,
                section.content().duplicate());
        body.writeByte(section.kind());
        body.writeVarint(content.length);
        body.writeBytes(content);
      }
    }

    private Section sameOptional(Part part) {
      Section section = were.optional(part.kind());
      if (section == null) {
        throw part.content().invalid("a section of kind " + part.kind() + " as there is none");
      }
      return section;
    }
  }
}
