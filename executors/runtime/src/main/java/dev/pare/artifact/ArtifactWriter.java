package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.FileHeader.Kind;
import dev.pare.codec.LevelCoding;
import dev.pare.graph.ParameterTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes .pare files. Equal networks give equal bytes. */
public final class ArtifactWriter {
  private final LevelCoding coding;

  /** A writer that uses the best coding there is. */
  public ArtifactWriter() {
    this(LevelCoding.CONTEXT_ARITHMETIC);
  }

  /**
   * @param coding of levels and masks
   */
  public ArtifactWriter(LevelCoding coding) {
    this.coding = requireNonNull(coding, "coding is null");
  }

  /**
   * Writes a whole file; neither flushes nor closes {@code out}.
   *
   * @return where its bytes went; their total is what was written
   * @throws IllegalArgumentException as {@link #check}
   */
  public SizeBreakdown write(CompressedNetwork network, OutputStream out) throws IOException {
    return write(network, new SectionCache(coding), out);
  }

  /** The same with contents of which some may be made already. */
  public static SizeBreakdown write(
      CompressedNetwork network, SectionCache contents, OutputStream out) throws IOException {
    SizeTally tally = new SizeTally();
    byte[] body = body(network, contents, tally);
    return tally.of(FileHeader.write(Kind.NETWORK, body, out));
  }

  /**
   * Makes sure that readers take what would be written.
   *
   * @throws IllegalArgumentException naming the tensor of which a value is not finite, or a
   *     variance below 0
   */
  public static void check(CompressedNetwork network) {
    List<ParameterTensor> places = network.architecture().tensors();
    for (int i = 0; i < places.size(); i++) {
      TensorCheck.check(places.get(i), network.tensors().get(i));
    }
  }

  private static byte[] body(CompressedNetwork network, SectionCache contents, SizeTally tally) {
    check(network);
    ByteSink body = new ByteSink();
    ArchitectureFormat.write(network.architecture(), body);
    network
        .origin()
        .ifPresent(
            origin -> {
              ByteSink content = new ByteSink();
              OriginFormat.write(origin, content);
              body.writeByte(OriginFormat.KIND);
              body.writeVarint(content.size());
              body.writeBytes(content.toBytes());
            });
    if (!network.preparation().isNone()) {
      ByteSink content = new ByteSink();
      PreparationFormat.write(network.preparation(), content);
      body.writeByte(PreparationFormat.KIND);
      body.writeVarint(content.size());
      body.writeBytes(content.toBytes());
    }
    LevelCoders first = LevelCoders.of(network);
    List<ParameterTensor> places = network.architecture().tensors();
    for (int i = 0; i < places.size(); i++) {
      CompressedTensor tensor = network.tensors().get(i);
      SectionCache.Content content = contents.of(tensor, places.get(i), first);
      tally.add(places.get(i).role(), content.parts());
      body.writeByte(tensor.representation().code());
      body.writeVarint(content.bytes().length);
      body.writeBytes(content.bytes());
    }
    return body.toBytes();
  }
}
