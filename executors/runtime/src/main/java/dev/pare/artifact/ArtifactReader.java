package dev.pare.artifact;

import dev.pare.artifact.FileHeader.Kind;
import dev.pare.artifact.MalformedArtifactException.Fault;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.prepare.Preparation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads .pare files, whatever bytes it gets: besides the tensors that a file declares, within the
 * limit, it needs little more memory than the bytes that are really there.
 */
public final class ArtifactReader {
  /** Most parameter bytes, 4 each, that a reader accepts if not told otherwise. */
  public static final long DEFAULT_MAX_PARAMETER_BYTES = 1L << 30;

  private static final int FIRST_OPTIONAL_KIND = 128;
  // What a file may need beyond 8 bytes a parameter; no writer comes near either.
  private static final long FILE_ALLOWANCE_BYTES = 16L << 20;

  private final long maxParameterBytes;

  /** A reader of networks up to {@link #DEFAULT_MAX_PARAMETER_BYTES}. */
  public ArtifactReader() {
    this(DEFAULT_MAX_PARAMETER_BYTES);
  }

  /**
   * @param maxParameterBytes most bytes the decoded parameters may take, 4 each
   */
  public ArtifactReader(long maxParameterBytes) {
    if (maxParameterBytes < 1) {
      throw new IllegalArgumentException(
          "maxParameterBytes = " + maxParameterBytes + ": must be at least 1");
    }
    this.maxParameterBytes = maxParameterBytes;
  }

  /** Whether a file claims to be a .pare file, by how it begins. */
  public static boolean isArtifact(byte[] file) {
    return Kind.NETWORK.isMagic(file);
  }

  /**
   * Makes sure that a file is as it was written, by its length and its checksum; decodes nothing.
   *
   * @param file all of it
   * @throws MalformedArtifactException if it is not
   */
  public static void check(byte[] file) {
    FileHeader.read(Kind.NETWORK, file).body(file);
  }

  /**
   * The network in a file.
   *
   * @param file all of it
   * @throws MalformedArtifactException if it cannot be read
   */
  public CompressedNetwork read(byte[] file) {
    return open(file).network();
  }

  /**
   * Opens a file: checks its frame, checksum, architecture and sections, and decodes no tensor yet.
   *
   * @param file all of it; must not change
   * @throws MalformedArtifactException if it cannot be read
   */
  public OpenArtifact open(byte[] file) {
    return body(FileHeader.read(Kind.NETWORK, file).body(file));
  }

  /**
   * As {@link #open(byte[])}.
   *
   * @param in nothing but the file; read to its end, not closed
   */
  public OpenArtifact open(InputStream in) throws IOException {
    return open(readFile(Kind.NETWORK, in));
  }

  /**
   * The network in a file.
   *
   * @param in nothing but the file; read to its end, not closed
   * @throws MalformedArtifactException if it cannot be read
   */
  public CompressedNetwork read(InputStream in) throws IOException {
    return read(readFile(Kind.NETWORK, in));
  }

  /**
   * As {@link #decode(byte[])}.
   *
   * @param in nothing but the file; read to its end, not closed
   */
  public DecodedArtifact decode(InputStream in) throws IOException {
    return decode(readFile(Kind.NETWORK, in));
  }

  /**
   * The network in a file and what takes how much of it.
   *
   * @param file all of it
   * @throws MalformedArtifactException if it cannot be read
   */
  public DecodedArtifact decode(byte[] file) {
    FileHeader frame = FileHeader.read(Kind.NETWORK, file);
    OpenArtifact body = body(frame.body(file));
    SizeTally tally = new SizeTally();
    List<CompressedTensor> tensors = new ArrayList<>();
    List<ArtifactSummary.Tensor> summaries = new ArrayList<>();
    for (TensorSection section : body.sections()) {
      TensorFormat.Decoded decoded = section.read();
      CompressedTensor tensor = decoded.tensor();
      SectionBytes bytes = decoded.bytes();
      tally.add(section.place().role(), bytes);
      tensors.add(tensor);
      summaries.add(
          new ArtifactSummary.Tensor(
              section.place(),
              section.representation(),
              tensor.nonzeros(),
              tensor.distinctValues(),
              bytes.header(),
              bytes.index(),
              bytes.value(),
              bytes.codebook()));
    }
    return new DecodedArtifact(
        new CompressedNetwork(body.architecture(), tensors, body.origin(), body.preparation()),
        new ArtifactSummary(
            frame.majorVersion(),
            frame.minorVersion(),
            body.architecture(),
            summaries,
            tally.of(file.length)));
  }

  /**
   * What is in a file. Decodes all of it.
   *
   * @throws MalformedArtifactException if it cannot be read
   */
  public ArtifactSummary inspect(byte[] file) {
    return decode(file).summary();
  }

  /**
   * What is in a file. Decodes all of it.
   *
   * @param in nothing but the file; read to its end, not closed
   * @throws MalformedArtifactException if it cannot be read
   */
  public ArtifactSummary inspect(InputStream in) throws IOException {
    return inspect(readFile(Kind.NETWORK, in));
  }

  /** All of {@code in}, if it begins as a file does, and at most one byte more than the file. */
  byte[] readFile(Kind kind, InputStream in) throws IOException {
    byte[] start = in.readNBytes(FileHeader.MAX_START_BYTES);
    long fileBytes = FileHeader.read(kind, start).fileBytes();
    long most = 2 * Math.min(maxParameterBytes, Integer.MAX_VALUE / 2) + FILE_ALLOWANCE_BYTES;
    if (fileBytes > Math.min(most, Integer.MAX_VALUE - 64)) {
      throw new MalformedArtifactException(
          Fault.TOO_LARGE, start.length, "a file of " + fileBytes + " bytes is beyond the limit");
    }
    // Makes room as bytes come, not as they are promised.
    return new SequenceInputStream(new ByteArrayInputStream(start), in)
        .readNBytes((int) fileBytes + 1);
  }

  /**
   * Takes an architecture.
   *
   * @throws MalformedArtifactException if there is none, or one beyond the limit
   */
  Architecture architecture(ByteSource in) {
    int from = in.position();
    Architecture architecture = ArchitectureFormat.read(in);
    if ((long) Float.BYTES * architecture.parameters() > maxParameterBytes) {
      throw new MalformedArtifactException(
          Fault.TOO_LARGE,
          from,
          architecture.parameters() + " parameters are beyond " + maxParameterBytes + " bytes");
    }
    return architecture;
  }

  private OpenArtifact body(ByteSource in) {
    Architecture architecture = architecture(in);
    List<ParameterTensor> places = architecture.tensors();
    List<TensorSection> sections = new ArrayList<>();
    Origin origin = null;
    Preparation preparation = Preparation.NONE;
    LevelCoders first = new LevelCoders(architecture, null);
    while (in.remaining() > 0) {
      int from = in.position();
      int kind = in.readByte();
      int length = in.readVarint();
      int headerBytes = in.position() - from;
      ByteSource content = in.readSource(length);
      if (kind == OriginFormat.KIND) {
        if (origin != null || !sections.isEmpty()) {
          throw in.invalid("an origin after another or after a tensor");
        }
        origin = OriginFormat.read(architecture, content);
        first = new LevelCoders(architecture, origin);
        continue;
      }
      if (kind == PreparationFormat.KIND) {
        if (!preparation.isNone()) {
          throw in.invalid("a preparation after another");
        }
        preparation = PreparationFormat.read(architecture, content);
        continue;
      }
      if (kind >= FIRST_OPTIONAL_KIND) {
        continue;
      }
      if (sections.size() == places.size()) {
        throw in.invalid("more tensors than the " + places.size() + " of the architecture");
      }
      Representation representation = Representation.of(kind, in);
      sections.add(
          new TensorSection(
              places.get(sections.size()), representation, headerBytes, first, content));
    }
    if (sections.size() < places.size()) {
      throw in.invalid(sections.size() + " tensors, must be " + places.size());
    }
    return new OpenArtifact(architecture, Optional.ofNullable(origin), preparation, sections);
  }
}
