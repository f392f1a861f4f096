package dev.pare.artifact;

import dev.pare.artifact.FloatTable.Width;
import dev.pare.artifact.LevelCoders.Coders;
import dev.pare.artifact.LevelCoders.Values;
import dev.pare.artifact.MalformedArtifactException.Fault;
import dev.pare.codec.CodeCost;
import dev.pare.codec.DecodedLevels;
import dev.pare.codec.EncodedLevels;
import dev.pare.codec.LevelCoder;
import dev.pare.codec.LevelCoding;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.MalformedCodeException;
import dev.pare.graph.ParameterTensor;
import java.util.Optional;

/** The contents of tensor sections; package-info specifies them. */
final class TensorFormat {
  private TensorFormat() {}

  /**
   * Appends the content of {@code tensor}'s section, and says where its bytes went.
   *
   * @param coders of its levels
   */
  static SectionBytes write(
      CompressedTensor tensor, LevelCoding coding, Coders coders, ByteSink out) {
    int from = out.size();
    SectionBytes parts =
        switch (tensor.representation()) {
          case FLOATS -> {
            out.writeFloats(((FloatTensor) tensor).values());
            yield SectionBytes.ofValues(out.size() - from);
          }
          case HALVES -> {
            out.writeHalves(((FloatTensor) tensor).values());
            yield SectionBytes.ofValues(out.size() - from);
          }
          case QUARTERS -> {
            out.writeQuarters(((FloatTensor) tensor).values());
            yield SectionBytes.ofValues(out.size() - from);
          }
          case SPARSE_FLOATS -> {
            SparseFloatTensor sparse = (SparseFloatTensor) tensor;
            EncodedLevels mask = coders.of(coding).encode(sparse.mask());
            byte[] code = mask.bytes();
            FloatTable values = FloatTable.of(sparse.values());
            out.writeByte(coding.code() | values.flag());
            out.writeVarint(code.length);
            out.writeBytes(code);
            values.write(out);
            yield SectionBytes.ofCode(mask.cost()).plus(SectionBytes.ofValues(values.bytes()));
          }
          case UNIFORM, UNIFORM_ROWS -> {
            UniformTensor uniform = (UniformTensor) tensor;
            FloatTable scales = FloatTable.of(uniform.scales());
            out.writeByte(coding.code() | scales.flag());
            scales.write(out);
            yield writeCode(uniform.levels(), coders.of(coding, valuesOf(scales)), out)
                .plusCodebook(scales.bytes());
          }
          case CODEBOOK -> {
            CodebookTensor codebook = (CodebookTensor) tensor;
            FloatTable centroids = FloatTable.of(codebook.centroids());
            out.writeByte(coding.code() | centroids.flag());
            out.writeVarint(codebook.negatives());
            out.writeVarint(codebook.positives());
            centroids.write(out);
            Values values = valuesOf(centroids, codebook.negatives());
            yield writeCode(codebook.levels(), coders.of(coding, values), out)
                .plusCodebook(centroids.bytes());
          }
          case UNIFORM_GROUPS -> {
            GroupedTensor grouped = (GroupedTensor) tensor;
            EncodedLevels levels = coders.of(coding).encode(grouped.levels());
            byte[] code = levels.bytes();
            FloatTable scales = FloatTable.of(grouped.scales());
            out.writeByte(coding.code() | scales.flag());
            out.writeVarint(grouped.group());
            out.writeVarint(code.length);
            out.writeBytes(code);
            scales.write(out);
            yield SectionBytes.ofCode(levels.cost()).plusCodebook(scales.bytes());
          }
          case POWERS -> {
            PowerTensor powers = (PowerTensor) tensor;
            out.writeByte(coding.code());
            out.writeByte(powers.least());
            yield writeCode(powers.levels(), coders.of(coding), out);
          }
          case PRODUCT -> {
            ProductTensor product = (ProductTensor) tensor;
            FloatTable words = FloatTable.of(product.words());
            out.writeByte(coding.code() | words.flag());
            out.writeVarint(product.dimension());
            out.writeVarint(product.words().length / product.dimension());
            words.write(out);
            yield writeCode(product.codes(), coders.of(coding), out).plusCodebook(words.bytes());
          }
        };
    return withRestAsHeader(parts, out.size() - from);
  }

  /** A tensor, and where the bytes of its section's content went. */
  record Decoded(CompressedTensor tensor, SectionBytes bytes) {}

  /**
   * The tensor in a section of this content.
   *
   * @throws MalformedArtifactException if there is none of that shape, or a network cannot be run
   *     with its values
   */
  static Decoded read(
      Representation representation, ParameterTensor place, Coders coders, ByteSource content) {
    int rows = place.rows();
    int columns = place.columns();
    int from = content.position();
    int length = content.remaining();
    Decoded decoded;
    try {
      decoded =
          switch (representation) {
            case FLOATS -> floats(Width.SINGLES, rows, columns, content);
            case HALVES -> floats(Width.HALVES, rows, columns, content);
            case QUARTERS -> floats(Width.QUARTERS, rows, columns, content);
            case SPARSE_FLOATS -> {
              CodingByte coding = CodingByte.read(content);
              DecodedLevels mask =
                  readCode(
                      coding.coding().coder(),
                      rows,
                      columns,
                      content.readSource(content.readVarint()));
              FloatTable values =
                  FloatTable.readRest(coding.width(), mask.levels().nonzeros(), content);
              yield new Decoded(
                  new SparseFloatTensor(mask.levels(), values.values()),
                  SectionBytes.ofCode(mask.cost()).plus(SectionBytes.ofValues(values.bytes())));
            }
            case UNIFORM, UNIFORM_ROWS -> {
              CodingByte coding = CodingByte.read(content);
              FloatTable scales = readScales(representation, rows, coding, content);
              LevelCoder coder = coders.of(coding.coding(), valuesOf(scales));
              DecodedLevels code = readCode(coder, rows, columns, content);
              yield decoded(new UniformTensor(code.levels(), scales.values()), code, scales);
            }
            case CODEBOOK -> {
              CodingByte coding = CodingByte.read(content);
              Centroids centroids = readCentroids(coding, content);
              LevelCoder coder = coders.of(coding.coding(), centroids.values());
              DecodedLevels code = readCode(coder, rows, columns, content);
              FloatTable table = centroids.table();
              yield decoded(new CodebookTensor(code.levels(), table.values()), code, table);
            }
            case UNIFORM_GROUPS -> {
              CodingByte coding = CodingByte.read(content);
              int group = content.readVarint();
              DecodedLevels code =
                  readCode(
                      coding.coding().coder(),
                      rows,
                      columns,
                      content.readSource(content.readVarint()));
              if (group < 1) {
                throw content.invalid("groups of " + group);
              }
              int count = GroupedTensor.nonemptyGroups(code.levels(), group);
              FloatTable scales = FloatTable.readRest(coding.width(), count, content);
              yield decoded(new GroupedTensor(code.levels(), group, scales.values()), code, scales);
            }
            case POWERS -> {
              LevelCoding coding = CodingByte.read(content).alone(content);
              int least = (byte) content.readByte();
              DecodedLevels code = readCode(coding.coder(), rows, columns, content);
              yield new Decoded(
                  new PowerTensor(code.levels(), least), SectionBytes.ofCode(code.cost()));
            }
            case PRODUCT -> {
              CodingByte coding = CodingByte.read(content);
              Words words = Words.read(columns, coding, content);
              int runs = ProductTensor.runs(columns, words.dimension());
              DecodedLevels code = readCode(coding.coding().coder(), rows, runs, content);
              FloatTable table = words.table();
              yield decoded(
                  new ProductTensor(columns, words.dimension(), code.levels(), table.values()),
                  code,
                  table);
            }
          };
      TensorCheck.check(place, decoded.tensor());
    } catch (IllegalArgumentException | ArithmeticException e) {
      // The tensors' own checks; ArithmeticException is a size beyond an int.
      throw new MalformedArtifactException(
          Fault.INVALID_CONTENT, from, "not a tensor: " + e.getMessage(), e);
    }
    return new Decoded(decoded.tensor(), withRestAsHeader(decoded.bytes(), length));
  }

  /** A tensor of a code and a table. */
  private static Decoded decoded(CompressedTensor tensor, DecodedLevels code, FloatTable table) {
    return new Decoded(tensor, SectionBytes.ofCode(code.cost()).plusCodebook(table.bytes()));
  }

  private static Decoded floats(Width width, int rows, int columns, ByteSource content) {
    int length = content.remaining();
    FloatTable values = FloatTable.readRest(width, rows * columns, content);
    return new Decoded(
        new FloatTensor(rows, columns, values.values()), SectionBytes.ofValues(length));
  }

  /** What a tensor's levels cost in its section, if that is what it consists of. */
  static Optional<CodeCost> cost(CompressedTensor tensor, LevelCoding coding, Coders coders) {
    return switch (tensor.representation()) {
      case FLOATS, HALVES, QUARTERS, SPARSE_FLOATS -> Optional.empty();
      case UNIFORM, UNIFORM_ROWS -> {
        UniformTensor uniform = (UniformTensor) tensor;
        Values values = valuesOf(FloatTable.of(uniform.scales()));
        yield Optional.of(coders.of(coding, values).encode(uniform.levels()).cost());
      }
      case CODEBOOK -> {
        CodebookTensor codebook = (CodebookTensor) tensor;
        Values values = valuesOf(FloatTable.of(codebook.centroids()), codebook.negatives());
        yield Optional.of(coders.of(coding, values).encode(codebook.levels()).cost());
      }
      case UNIFORM_GROUPS ->
          Optional.of(coding.coder().encode(((GroupedTensor) tensor).levels()).cost());
      case POWERS -> Optional.of(coding.coder().encode(((PowerTensor) tensor).levels()).cost());
      case PRODUCT -> Optional.of(coding.coder().encode(((ProductTensor) tensor).codes()).cost());
    };
  }

  private static SectionBytes withRestAsHeader(SectionBytes parts, int length) {
    return parts.plusHeader(length - parts.index() - parts.value() - parts.codebook());
  }

  private static SectionBytes writeCode(LevelMatrix levels, LevelCoder coder, ByteSink out) {
    EncodedLevels encoded = coder.encode(levels);
    out.writeBytes(encoded.bytes());
    return SectionBytes.ofCode(encoded.cost());
  }

  private static DecodedLevels readCode(
      LevelCoder coder, int rows, int columns, ByteSource content) {
    int from = content.position();
    try {
      return coder.decode(content.readBytes(content.remaining()), rows, columns);
    } catch (MalformedCodeException e) {
      throw new MalformedArtifactException(
          Fault.INVALID_CONTENT, from + e.offset(), "not a code of levels: " + e.getMessage(), e);
    }
  }

  private static FloatTable readScales(
      Representation representation, int rows, CodingByte coding, ByteSource in) {
    return FloatTable.read(coding.width(), representation == Representation.UNIFORM ? 1 : rows, in);
  }

  private static Centroids readCentroids(CodingByte coding, ByteSource in) {
    int negatives = in.readVarint();
    int positives = in.readVarint();
    if (Math.max(negatives, positives) > LevelMatrix.MAX_MAGNITUDE) {
      throw in.invalid("a codebook of " + negatives + " and " + positives + " centroids");
    }
    FloatTable centroids = FloatTable.read(coding.width(), negatives + positives, in);
    for (int i = 0; i < negatives + positives; i++) {
      if (centroids.values()[i] < 0 != i < negatives) {
        throw in.invalid("not " + negatives + " centroids are negative");
      }
    }
    return new Centroids(centroids, negatives);
  }

  /** A codebook's table, and how many of it are negative. */
  private record Centroids(FloatTable table, int negatives) {
    Values values() {
      return valuesOf(table, negatives);
    }
  }

  private static Values valuesOf(FloatTable scales) {
    float[] values = scales.values();
    return (row, level) -> (double) level * values[values.length == 1 ? 0 : row];
  }

  /** A level for which there is no centroid stands for nothing. */
  private static Values valuesOf(FloatTable centroids, int negatives) {
    float[] values = centroids.values();
    return (row, level) -> {
      int index = level < 0 ? negatives + level : negatives + level - 1;
      return level == 0 || index < 0 || index >= values.length ? 0 : values[index];
    };
  }

  /** The words of a {@link ProductTensor}. */
  private record Words(int dimension, FloatTable table) {
    static Words read(int columns, CodingByte coding, ByteSource in) {
      int dimension = in.readVarint();
      int count = in.readVarint();
      if (dimension < 1 || dimension > columns || count > LevelMatrix.MAX_MAGNITUDE) {
        throw in.invalid(count + " words of " + dimension + " numbers for " + columns + " columns");
      }
      long numbers = (long) count * dimension;
      if (numbers > in.remaining()) {
        throw in.invalid(numbers + " numbers in " + in.remaining() + " bytes");
      }
      return new Words(dimension, FloatTable.read(coding.width(), (int) numbers, in));
    }
  }

  /** How levels are coded, and the width of the floats beside them. */
  private record CodingByte(LevelCoding coding, Width width) {
    static CodingByte read(ByteSource in) {
      int flags = in.readByte();
      int coding = flags & ~FloatTable.FLAGS;
      return new CodingByte(
          LevelCoding.ofCode(coding)
              .orElseThrow(() -> in.invalid("levels in unknown coding " + coding)),
          Width.of(flags, in));
    }

    /** The coding, where no floats are beside. */
    LevelCoding alone(ByteSource in) {
      if (width != Width.SINGLES) {
        throw in.invalid(width + " without floats");
      }
      return coding;
    }
  }
}
