package dev.pare.artifact;

import dev.pare.artifact.MalformedArtifactException.Fault;
import dev.pare.codec.EncodedLevels;
import dev.pare.codec.LevelCoding;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.MalformedCodeException;

/** The contents of tensor sections; package-info specifies them. */
final class TensorFormat {
  private TensorFormat() {}

  /** Appends the content of {@code tensor}'s section, and says where its bytes went. */
  static SectionBytes write(CompressedTensor tensor, LevelCoding coding, ByteSink out) {
    int from = out.size();
    SectionBytes parts =
        switch (tensor.representation()) {
          case FLOATS -> {
            float[] values = ((FloatTensor) tensor).values();
            out.writeFloats(values);
            yield SectionBytes.ofFloats(values.length);
          }
          case SPARSE_FLOATS -> {
            SparseFloatTensor sparse = (SparseFloatTensor) tensor;
            EncodedLevels mask = coding.coder().encode(sparse.mask());
            byte[] code = mask.bytes();
            out.writeByte(coding.code());
            out.writeVarint(code.length);
            out.writeBytes(code);
            out.writeFloats(sparse.values());
            yield SectionBytes.ofCode(mask.cost())
                .plus(SectionBytes.ofFloats(sparse.values().length));
          }
          case UNIFORM, UNIFORM_ROWS -> {
            UniformTensor uniform = (UniformTensor) tensor;
            out.writeByte(coding.code());
            out.writeFloats(uniform.scales());
            yield writeCode(uniform.levels(), coding, out).plusCodebook(uniform.scales().length);
          }
          case CODEBOOK -> {
            CodebookTensor codebook = (CodebookTensor) tensor;
            out.writeByte(coding.code());
            out.writeVarint(codebook.negatives());
            out.writeVarint(codebook.positives());
            out.writeFloats(codebook.centroids());
            yield writeCode(codebook.levels(), coding, out)
                .plusCodebook(codebook.centroids().length);
          }
        };
    return withRestAsHeader(parts, out.size() - from);
  }

  /**
   * The tensor in a section of this content.
   *
   * @throws MalformedArtifactException if there is none of that shape
   */
  static CompressedTensor read(
      Representation representation, int rows, int columns, ByteSource content) {
    int from = content.position();
    try {
      return switch (representation) {
        case FLOATS -> new FloatTensor(rows, columns, readRest(rows * columns, content));
        case SPARSE_FLOATS -> {
          LevelCoding coding = readCoding(content);
          LevelMatrix mask =
              readCode(coding, rows, columns, content.readSource(content.readVarint()));
          yield new SparseFloatTensor(mask, readRest(mask.nonzeros(), content));
        }
        case UNIFORM, UNIFORM_ROWS -> {
          LevelCoding coding = readCoding(content);
          float[] scales = readScales(representation, rows, content);
          yield new UniformTensor(readCode(coding, rows, columns, content), scales);
        }
        case CODEBOOK -> {
          LevelCoding coding = readCoding(content);
          float[] centroids = readCentroids(content);
          yield new CodebookTensor(readCode(coding, rows, columns, content), centroids);
        }
      };
    } catch (IllegalArgumentException e) {
      // The tensors' own checks.
      throw new MalformedArtifactException(
          Fault.INVALID_CONTENT, from, "not a tensor: " + e.getMessage(), e);
    }
  }

  /** Where the bytes of a content went which {@link #read} has read. */
  static SectionBytes measure(
      Representation representation, int rows, int columns, ByteSource content) {
    int length = content.remaining();
    SectionBytes parts =
        switch (representation) {
          case FLOATS -> SectionBytes.ofFloats(rows * columns);
          case SPARSE_FLOATS -> {
            LevelCoding coding = readCoding(content);
            SectionBytes mask =
                measureCode(coding, rows, columns, content.readSource(content.readVarint()));
            yield mask.plus(SectionBytes.ofFloats(content.remaining() / Float.BYTES));
          }
          case UNIFORM, UNIFORM_ROWS -> {
            LevelCoding coding = readCoding(content);
            float[] scales = readScales(representation, rows, content);
            yield measureCode(coding, rows, columns, content).plusCodebook(scales.length);
          }
          case CODEBOOK -> {
            LevelCoding coding = readCoding(content);
            float[] centroids = readCentroids(content);
            yield measureCode(coding, rows, columns, content).plusCodebook(centroids.length);
          }
        };
    return withRestAsHeader(parts, length);
  }

  private static SectionBytes withRestAsHeader(SectionBytes parts, int length) {
    return parts.plusHeader(length - parts.index() - parts.value() - parts.codebook());
  }

  private static SectionBytes writeCode(LevelMatrix levels, LevelCoding coding, ByteSink out) {
    EncodedLevels encoded = coding.coder().encode(levels);
    out.writeBytes(encoded.bytes());
    return SectionBytes.ofCode(encoded.cost());
  }

  private static LevelCoding readCoding(ByteSource in) {
    int code = in.readByte();
    return LevelCoding.ofCode(code)
        .orElseThrow(() -> in.invalid("levels in unknown coding " + code));
  }

  private static LevelMatrix readCode(
      LevelCoding coding, int rows, int columns, ByteSource content) {
    int from = content.position();
    try {
      return coding.coder().decode(content.readBytes(content.remaining()), rows, columns);
    } catch (MalformedCodeException e) {
      throw new MalformedArtifactException(
          Fault.INVALID_CONTENT, from + e.offset(), "not a code of levels: " + e.getMessage(), e);
    }
  }

  private static SectionBytes measureCode(
      LevelCoding coding, int rows, int columns, ByteSource content) {
    return SectionBytes.ofCode(
        coding.coder().cost(content.readBytes(content.remaining()), rows, columns));
  }

  private static float[] readScales(Representation representation, int rows, ByteSource in) {
    return in.readFloats(representation == Representation.UNIFORM ? 1 : rows);
  }

  private static float[] readCentroids(ByteSource in) {
    int negatives = in.readVarint();
    int positives = in.readVarint();
    if (Math.max(negatives, positives) > LevelMatrix.MAX_MAGNITUDE) {
      throw in.invalid("a codebook of " + negatives + " and " + positives + " centroids");
    }
    float[] centroids = in.readFloats(negatives + positives);
    for (int i = 0; i < centroids.length; i++) {
      if (centroids[i] < 0 != i < negatives) {
        throw in.invalid("not " + negatives + " centroids are negative");
      }
    }
    return centroids;
  }

  /** As many floats, up to the end. */
  private static float[] readRest(int count, ByteSource in) {
    if (in.remaining() != (long) Float.BYTES * count) {
      throw in.invalid(in.remaining() + " bytes for " + count + " floats");
    }
    return in.readFloats(count);
  }
}
