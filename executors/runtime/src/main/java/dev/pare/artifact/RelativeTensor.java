package dev.pare.artifact;

import dev.pare.artifact.MalformedArtifactException.Fault;
import dev.pare.codec.CodeHead;
import dev.pare.codec.LevelCoding;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.MalformedCodeException;
import dev.pare.codec.RelativeCode;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tensors beside what they were, as deltas have them; package-info specifies the bytes. */
final class RelativeTensor {
  private static final CodeHead NO_HEAD = new CodeHead(0, 0);
  // Of the numbers of all words, beyond those of the tensor.
  private static final int MOST_NUMBERS = 1 << 16;

  private RelativeTensor() {}

  /**
   * Appends a tensor.
   *
   * @param content of its section in the file, as the format's own writer makes it under some head
   */
  static void write(CompressedTensor tensor, byte[] content, OldTensor old, ByteSink out) {
    int rows = tensor.rows();
    int columns = tensor.columns();
    float[] were = old.values();
    switch (tensor.representation()) {
      case FLOATS, HALVES, QUARTERS ->
          RelativeFloats.write(((FloatTensor) tensor).values(), were, out);
      case SPARSE_FLOATS -> {
        SparseFloatTensor sparse = (SparseFloatTensor) tensor;
        writeHead(code(content, 1), out);
        writeLevels(sparse.mask(), NearestLevels.mask(rows, columns, were), out);
        RelativeFloats.write(sparse.values(), kept(were, sparse.mask()), out);
      }
      case UNIFORM, UNIFORM_ROWS -> {
        UniformTensor uniform = (UniformTensor) tensor;
        float[] scales = uniform.scales();
        writeHead(codeAtEnd(content, 1 + FloatTable.of(scales).bytes()), out);
        RelativeFloats.write(scales, scales(old, scales.length), out);
        writeLevels(uniform.levels(), NearestLevels.uniform(rows, columns, were, scales), out);
      }
      case CODEBOOK -> {
        CodebookTensor codebook = (CodebookTensor) tensor;
        int negatives = codebook.negatives();
        ByteSink counts = new ByteSink();
        counts.writeVarint(negatives);
        counts.writeVarint(codebook.positives());
        long table = FloatTable.of(codebook.centroids()).bytes();
        writeHead(codeAtEnd(content, 1 + counts.size() + table), out);
        out.writeBytes(counts.toBytes());
        RelativeFloats.write(
            codebook.centroids(), centroids(old, negatives, codebook.positives()), out);
        writeLevels(
            codebook.levels(),
            NearestLevels.codebook(rows, columns, were, codebook.centroids(), negatives),
            out);
      }
      case UNIFORM_GROUPS -> {
        GroupedTensor grouped = (GroupedTensor) tensor;
        LevelMatrix levels = grouped.levels();
        ByteSink group = new ByteSink();
        group.writeVarint(grouped.group());
        int most = Math.max(1, Math.max(-levels.lowest(), levels.highest()));
        writeHead(code(content, 1 + group.size()), out);
        out.writeBytes(group.toBytes());
        out.writeVarint(most);
        float[] scales = NearestLevels.scales(rows, columns, were, grouped.group(), most);
        writeLevels(
            levels, NearestLevels.grouped(rows, columns, were, scales, grouped.group()), out);
        RelativeFloats.write(grouped.scales(), kept(scales, levels, grouped.group()), out);
      }
      case POWERS -> {
        PowerTensor powers = (PowerTensor) tensor;
        writeHead(codeAtEnd(content, 2), out);
        out.writeByte(powers.least());
        writeLevels(
            powers.levels(), NearestLevels.powers(rows, columns, were, powers.least()), out);
      }
      case PRODUCT -> {
        ProductTensor product = (ProductTensor) tensor;
        int dimension = product.dimension();
        float[] words = product.words();
        ByteSink sizes = new ByteSink();
        sizes.writeVarint(dimension);
        sizes.writeVarint(words.length / dimension);
        writeHead(codeAtEnd(content, 1 + sizes.size() + FloatTable.of(words).bytes()), out);
        out.writeBytes(sizes.toBytes());
        RelativeFloats.write(words, words(old, words.length), out);
        writeLevels(
            product.codes(), NearestLevels.words(rows, columns, were, words, dimension), out);
      }
    }
  }

  /** A tensor, and how the code of its levels begins in the file. */
  private record Read(CompressedTensor tensor, CodeHead head) {}

  /**
   * The content of a tensor's section in the file.
   *
   * @param kind of the section
   * @param first weights of the network
   * @throws MalformedArtifactException if there is no such tensor
   */
  static byte[] content(
      int kind, ParameterTensor place, OldTensor old, LevelCoders first, ByteSource in) {
    int from = in.position();
    Representation representation = Representation.of(kind, in);
    try {
      Read read = read(representation, place, old, in);
      if (in.remaining() > 0) {
        throw in.invalid("a tensor goes on after its end");
      }
      if (read.tensor().representation() != representation) {
        throw in.invalid("%s as %s".formatted(read.tensor().representation(), representation));
      }
      TensorCheck.check(place, read.tensor());
      ByteSink content = new ByteSink();
      TensorFormat.write(
          read.tensor(), LevelCoding.CONTEXT_ARITHMETIC, first.coders(place, read.head()), content);
      return content.toBytes();
    } catch (IllegalArgumentException | ArithmeticException e) {
      // The tensors' own checks; ArithmeticException is a size beyond an int.
      throw new MalformedArtifactException(
          Fault.INVALID_CONTENT, from, "not a tensor: " + e.getMessage(), e);
    }
  }

  private static Read read(
      Representation representation, ParameterTensor place, OldTensor old, ByteSource in) {
    int rows = place.rows();
    int columns = place.columns();
    float[] were = old.values();
    return switch (representation) {
      case FLOATS, HALVES, QUARTERS ->
          new Read(new FloatTensor(rows, columns, RelativeFloats.read(were, in)), NO_HEAD);
      case SPARSE_FLOATS -> {
        CodeHead head = readHead(in);
        LevelMatrix mask = readLevels(NearestLevels.mask(rows, columns, were), in);
        float[] values = RelativeFloats.read(kept(were, mask), in);
        yield new Read(new SparseFloatTensor(mask, values), head);
      }
      case UNIFORM, UNIFORM_ROWS -> {
        CodeHead head = readHead(in);
        int count = representation == Representation.UNIFORM ? 1 : rows;
        float[] scales = RelativeFloats.read(scales(old, count), in);
        LevelMatrix levels = readLevels(NearestLevels.uniform(rows, columns, were, scales), in);
        yield new Read(new UniformTensor(levels, scales), head);
      }
      case CODEBOOK -> {
        CodeHead head = readHead(in);
        int negatives = in.readVarint();
        int positives = in.readVarint();
        if (Math.max(negatives, positives) > LevelMatrix.MAX_MAGNITUDE) {
          throw in.invalid("a codebook of " + negatives + " and " + positives + " centroids");
        }
        float[] centroids = RelativeFloats.read(centroids(old, negatives, positives), in);
        LevelMatrix others = NearestLevels.codebook(rows, columns, were, centroids, negatives);
        yield new Read(new CodebookTensor(readLevels(others, in), centroids), head);
      }
      case UNIFORM_GROUPS -> {
        CodeHead head = readHead(in);
        int group = in.readVarint();
        int most = in.readVarint();
        if (group < 1 || group > columns || most < 1 || most > LevelMatrix.MAX_MAGNITUDE) {
          throw in.invalid("groups of " + group + " with levels up to " + most);
        }
        float[] scales = NearestLevels.scales(rows, columns, were, group, most);
        LevelMatrix levels =
            readLevels(NearestLevels.grouped(rows, columns, were, scales, group), in);
        float[] own = RelativeFloats.read(kept(scales, levels, group), in);
        yield new Read(new GroupedTensor(levels, group, own), head);
      }
      case POWERS -> {
        CodeHead head = readHead(in);
        int least = (byte) in.readByte();
        LevelMatrix levels = readLevels(NearestLevels.powers(rows, columns, were, least), in);
        yield new Read(new PowerTensor(levels, least), head);
      }
      case PRODUCT -> {
        CodeHead head = readHead(in);
        int dimension = in.readVarint();
        int count = in.readVarint();
        if (dimension < 1
            || dimension > columns
            || count > LevelMatrix.MAX_MAGNITUDE
            || (long) count * dimension > Math.max(place.size(), MOST_NUMBERS)) {
          throw in.invalid(count + " words of " + dimension + " numbers");
        }
        float[] words = RelativeFloats.read(words(old, count * dimension), in);
        LevelMatrix others = NearestLevels.words(rows, columns, were, words, dimension);
        yield new Read(new ProductTensor(columns, dimension, readLevels(others, in), words), head);
      }
    };
  }

  /** The code behind a content's coding, what stands between, and its own length. */
  private static byte[] code(byte[] content, int before) {
    ByteSource in = new ByteSource(content, before, content.length, Fault.INVALID_CONTENT);
    return in.readBytes(in.readVarint());
  }

  private static byte[] codeAtEnd(byte[] content, long before) {
    return Arrays.copyOfRange(content, (int) before, content.length);
  }

  private static void writeHead(byte[] code, ByteSink out) {
    CodeHead head = CodeHead.of(code);
    out.writeByte(head.mode());
    out.writeByte(head.stride());
  }

  private static CodeHead readHead(ByteSource in) {
    return new CodeHead(in.readByte(), in.readByte());
  }

  private static void writeLevels(LevelMatrix levels, LevelMatrix others, ByteSink out) {
    byte[] code = RelativeCode.ofLevels(levels, others);
    out.writeVarint(code.length);
    out.writeBytes(code);
  }

  private static LevelMatrix readLevels(LevelMatrix others, ByteSource in) {
    byte[] code = in.readBytes(in.readVarint());
    int from = in.position() - code.length;
    try {
      return RelativeCode.levels(code, others);
    } catch (MalformedCodeException e) {
      throw new MalformedArtifactException(
          Fault.INVALID_CONTENT, from + e.offset(), "not a code of levels: " + e.getMessage(), e);
    }
  }

  /** The values at places that are not zero. */
  private static float[] kept(float[] values, LevelMatrix mask) {
    float[] kept = new float[mask.nonzeros()];
    int next = 0;
    for (int i = 0; i < values.length; i++) {
      if (mask.at(i) != 0) {
        kept[next++] = values[i];
      }
    }
    return kept;
  }

  /** The scales of groups that have a level other than 0. */
  private static float[] kept(float[] scales, LevelMatrix levels, int group) {
    int groups = (levels.columns() - 1) / group + 1;
    boolean[] is = new boolean[scales.length];
    for (int i = 0; i < levels.size(); i++) {
      if (levels.at(i) != 0) {
        is[i / levels.columns() * groups + i % levels.columns() / group] = true;
      }
    }
    float[] kept = new float[scales.length];
    int count = 0;
    for (int i = 0; i < scales.length; i++) {
      if (is[i]) {
        kept[count++] = scales[i];
      }
    }
    return Arrays.copyOf(kept, count);
  }

  /** The scales that a uniform tensor had, of its rows or of all; 0 where there are none. */
  private static float[] scales(OldTensor old, int count) {
    float[] scales = new float[count];
    if (old.tensor() instanceof UniformTensor uniform) {
      for (int i = 0; i < count; i++) {
        int row = count == 1 ? 0 : old.rows()[i];
        scales[i] = row < 0 ? 0 : uniform.scale(row);
      }
    }
    return scales;
  }

  /** The centroids of the same levels, or of the nearest ones that there were. */
  private static float[] centroids(OldTensor old, int negatives, int positives) {
    float[] centroids = new float[negatives + positives];
    if (old.tensor() instanceof CodebookTensor codebook) {
      int were = codebook.negatives();
      for (int i = 0; i < centroids.length; i++) {
        boolean negative = i < negatives;
        int level = negative ? negatives - i : i - negatives + 1;
        int most = negative ? were : codebook.positives();
        int at = Math.min(level, most);
        if (at > 0) {
          centroids[i] = codebook.centroids()[negative ? were - at : were + at - 1];
        }
      }
    }
    return centroids;
  }

  private static float[] words(OldTensor old, int numbers) {
    @Nullable CompressedTensor tensor = old.tensor();
    return tensor instanceof ProductTensor product && product.words().length == numbers
        ? product.words()
        : new float[numbers];
  }
}
