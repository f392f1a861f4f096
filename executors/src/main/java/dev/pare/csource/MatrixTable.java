package dev.pare.csource;

import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.LevelTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Adds matrices to a program: what {@code weights.c} reads. */
final class MatrixTable {
  private final Program program;
  private final CForm form;

  /**
   * @param form of what has levels
   */
  MatrixTable(Program program, CForm form) {
    this.program = program;
    this.form = form;
  }

  /**
   * Scales of a matrix.
   *
   * @param scales of each row those of its groups; empty if there are none
   * @param group columns of a group
   */
  private record Scales(float[] scales, int group) {
    static final Scales NONE = new Scales(new float[0], 1);
  }

  /**
   * Adds a tensor.
   *
   * @param scale what it is multiplied by
   * @return its address
   */
  String add(String name, CompressedTensor tensor, float scale) {
    return switch (tensor.representation()) {
      case UNIFORM_ROWS -> {
        UniformTensor uniform = (UniformTensor) tensor;
        Scales scales = new Scales(scaled(uniform.scales(), scale), tensor.columns());
        yield uniform(name, uniform.levels(), 1, scales);
      }
      case UNIFORM_GROUPS -> {
        GroupedTensor grouped = (GroupedTensor) tensor;
        Scales scales = new Scales(scaled(allScales(grouped), scale), grouped.group());
        yield uniform(name, grouped.levels(), 1, scales);
      }
      case UNIFORM -> {
        UniformTensor uniform = (UniformTensor) tensor;
        float step = uniform.scale(0) * scale;
        yield uniform(name, uniform.levels(), step, Scales.NONE);
      }
      case CODEBOOK, POWERS -> {
        LevelMatrix levels = ((LevelTensor) tensor).levels();
        float[] values = scaled(tensor.toFloats(), scale);
        float[] ofLevels = new float[levels.highest() - levels.lowest() + 1];
        for (int i = 0; i < values.length; i++) {
          ofLevels[levels.at(i) - levels.lowest()] = values[i];
        }
        yield add(name, levels, level -> ofLevels[level - levels.lowest()], Scales.NONE);
      }
      case SPARSE_FLOATS -> {
        float[] values = scaled(tensor.toFloats(), scale);
        yield form != CForm.PACKED
            ? codedMask(name, tensor.columns(), values)
            : add(name, tensor.columns(), values);
      }
      case PRODUCT -> words(name, (ProductTensor) tensor, scale);
      case FLOATS, HALVES, QUARTERS ->
          add(name, tensor.columns(), scaled(tensor.toFloats(), scale));
    };
  }

  /** Adds a matrix of any numbers, row-major. */
  String add(String name, int columns, float[] numbers) {
    return add(name, columns, packed(name, PackedMatrix.of(numbers, Float.BYTES)), Scales.NONE);
  }

  /**
   * A matrix of whole numbers.
   *
   * @param address its expression
   * @param isByColumns whether it is read column by column, and not row by row
   */
  record Whole(String address, boolean isByColumns) {}

  /** Adds a matrix of whole numbers, which {@code whole_weights.c} reads. */
  Whole addWhole(String name, LevelMatrix levels) {
    program.library().define("LEVELS");
    if (!isCoded(levels)) {
      List<Object> fields = packedLevels(name, PackedMatrix.of(levels(levels), Byte.BYTES));
      return new Whole(add(name, levels.columns(), fields, Scales.NONE), false);
    }
    float[] table = ofLevels(levels, 1, (level, target) -> target[0] = level);
    LevelCode code = code(levels);
    List<Object> fields = new ArrayList<>();
    fields.add(".entries = " + levels.nonzeros());
    fields.add(".code = " + code.add(program, name + "_code"));
    fields.add(".levels = " + program.signedBytes(name + "_levels", bytes(table)));
    return new Whole(add(name, levels.columns(), fields, Scales.NONE), code.transposed());
  }

  private boolean isCoded(LevelMatrix levels) {
    return form != CForm.PACKED && levels.nonzeros() > 0;
  }

  private interface LevelValues {
    float of(int level);
  }

  private String add(String name, LevelMatrix levels, LevelValues values, Scales scales) {
    if (isCoded(levels)) {
      float[] table = ofLevels(levels, 1, (level, target) -> target[0] = values.of(level));
      return add(name, levels.columns(), coded(name, levels, code -> table), scales);
    }
    float[] numbers = new float[levels.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = levels.at(i) == 0 ? 0 : values.of(levels.at(i));
    }
    return add(name, levels.columns(), packed(name, PackedMatrix.of(numbers, Float.BYTES)), scales);
  }

  /**
   * Adds a matrix of multiples of a step.
   *
   * @param scales of these
   */
  private String uniform(String name, LevelMatrix levels, float step, Scales scales) {
    int most = Math.max(-levels.lowest(), levels.highest());
    if (isCoded(levels) || most > Byte.MAX_VALUE || most == 0) {
      return add(name, levels, level -> level * step, scales);
    }
    program.library().define("LEVELS");
    List<Object> fields = packedLevels(name, PackedMatrix.of(levels(levels), Byte.BYTES));
    fields.add(".step = " + Program.literal(step));
    return add(name, levels.columns(), fields, scales);
  }

  private interface LevelWords {
    void copy(int level, float[] target);
  }

  /** What all levels but 0 stand for, from the least to the greatest. */
  private static float[] ofLevels(LevelMatrix levels, int each, LevelWords words) {
    int lowest = Math.min(0, levels.lowest());
    int highest = Math.max(0, levels.highest());
    float[] table = new float[(highest - lowest) * each];
    float[] word = new float[each];
    int next = 0;
    for (int level = lowest; level <= highest; level++) {
      if (level != 0) {
        Arrays.fill(word, 0);
        if (level >= levels.lowest() && level <= levels.highest()) {
          words.copy(level, word);
        }
        System.arraycopy(word, 0, table, next, each);
        next += each;
      }
    }
    return table;
  }

  /** Which numbers are not zero, and these as they are. */
  private String codedMask(String name, int columns, float[] numbers) {
    short[] mask = new short[numbers.length];
    boolean isEmpty = true;
    for (int i = 0; i < numbers.length; i++) {
      mask[i] = (short) (numbers[i] == 0 ? 0 : 1);
      isEmpty &= numbers[i] == 0;
    }
    if (isEmpty) {
      return add(name, columns, numbers);
    }
    LevelMatrix levels = new LevelMatrix(numbers.length / columns, columns, mask);
    List<Object> fields = coded(name, levels, code -> inOrder(code, numbers, columns));
    fields.add(".width = " + PackedMatrix.OWN);
    return add(name, columns, fields, Scales.NONE);
  }

  /** The numbers that are not zero, as a code goes through them. */
  private static float[] inOrder(LevelCode code, float[] numbers, int columns) {
    int rows = numbers.length / columns;
    float[] values = new float[numbers.length];
    int count = 0;
    for (int i = 0; i < numbers.length; i++) {
      int index = code.transposed() ? i % rows * columns + i / rows : i;
      if (numbers[index] != 0) {
        values[count++] = numbers[index];
      }
    }
    return Arrays.copyOf(values, count);
  }

  private String words(String name, ProductTensor tensor, float scale) {
    int dimension = tensor.dimension();
    LevelMatrix codes = tensor.codes();
    LevelWords words =
        (code, target) -> {
          for (int i = 0; i < dimension; i++) {
            target[i] = tensor.words()[(code - 1) * dimension + i] * scale;
          }
        };
    List<Object> fields;
    if (isCoded(codes)) {
      float[] table = ofLevels(codes, dimension, words);
      fields = coded(name, codes, code -> table);
    } else {
      PackedMatrix packed = PackedMatrix.of(levels(codes), dimension * Float.BYTES);
      // What it has of each code is its number; the table has that word in its place.
      float[] table = new float[packed.values().length * dimension];
      float[] word = new float[dimension];
      for (int i = 0; i < packed.values().length; i++) {
        Arrays.fill(word, 0);
        if (packed.values()[i] > 0) {
          words.copy((int) packed.values()[i], word);
        }
        System.arraycopy(word, 0, table, i * dimension, dimension);
      }
      fields =
          packed(
              name,
              new PackedMatrix(
                  packed.entries(),
                  packed.bits(),
                  table,
                  packed.rice(),
                  packed.width(),
                  Float.BYTES));
    }
    if (dimension > 1) {
      program.library().define("WORDS");
      fields.add(".dimension = " + dimension);
      fields.add(".numbers = " + tensor.columns());
    }
    return add(name, codes.columns(), fields, Scales.NONE);
  }

  private List<Object> packed(String name, PackedMatrix packed) {
    List<Object> fields = packedBits(name, packed);
    if (packed.values().length > 0) {
      fields.add(".values = " + program.floats(name + "_values", packed.values()));
    }
    return fields;
  }

  /** Of whole numbers. */
  private List<Object> packedLevels(String name, PackedMatrix packed) {
    List<Object> fields = packedBits(name, packed);
    if (packed.values().length > 0) {
      fields.add(".levels = " + program.signedBytes(name + "_levels", bytes(packed.values())));
    }
    return fields;
  }

  private static byte[] bytes(float[] numbers) {
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return bytes;
  }

  /** All but the values. */
  private List<Object> packedBits(String name, PackedMatrix packed) {
    List<Object> fields = new ArrayList<>();
    fields.add(".entries = " + packed.entries());
    if (packed.bits().length > 0) {
      fields.add(".bits = " + program.bytes(name + "_bits", packed.bits()));
    }
    fields.add(".rice = " + packed.rice());
    fields.add(".width = " + packed.width());
    return fields;
  }

  /**
   * A code of levels.
   *
   * @param values what all but 0 stand for, or one for each that is not 0 in the code's order
   */
  private List<Object> coded(String name, LevelMatrix levels, Function<LevelCode, float[]> values) {
    LevelCode code = code(levels);
    List<Object> fields = new ArrayList<>();
    fields.add(".entries = " + levels.nonzeros());
    fields.add(".values = " + program.floats(name + "_values", values.apply(code)));
    fields.add(".code = " + code.add(program, name + "_code"));
    return fields;
  }

  private LevelCode code(LevelMatrix levels) {
    return form == CForm.LIGHT ? LightCode.of(levels) : CodeScan.of(levels);
  }

  private String add(String name, int columns, List<Object> fields, Scales scales) {
    fields.add(0, ".columns = " + columns);
    if (scales.scales().length > 0) {
      program.library().define("SCALES");
      fields.add(".scales = " + program.floats(name + "_scales", scales.scales()));
      fields.add(".group = " + scales.group());
    }
    return program.matrix(name, fields);
  }

  private static float[] levels(LevelMatrix levels) {
    float[] values = new float[levels.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = levels.at(i);
    }
    return values;
  }

  private static float[] scaled(float[] values, float scale) {
    float[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= scale;
    }
    return scaled;
  }

  /** Those of groups of zeros, too, which have none in files. */
  private static float[] allScales(GroupedTensor tensor) {
    int columns = tensor.columns();
    int groups = (columns - 1) / tensor.group() + 1;
    float[] all = new float[Math.multiplyExact(tensor.rows(), groups)];
    int next = 0;
    for (int i = 0; i < tensor.levels().size(); i++) {
      int group = i / columns * groups + i % columns / tensor.group();
      if (tensor.levels().at(i) != 0 && all[group] == 0) {
        all[group] = tensor.scales()[next++];
      }
    }
    return all;
  }
}
