package dev.pare.csource;

import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import java.util.ArrayList;
import java.util.List;

/** Adds matrices to a program: what {@code weights.c} reads. */
final class MatrixTable {
  private static final int STRUCTURE_BYTES = 24;

  private final Program program;

  MatrixTable(Program program) {
    this.program = program;
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
        yield add(name, tensor.columns(), levels(uniform.levels()), scales);
      }
      case UNIFORM_GROUPS -> {
        GroupedTensor grouped = (GroupedTensor) tensor;
        Scales scales = new Scales(scaled(allScales(grouped), scale), grouped.group());
        yield add(name, tensor.columns(), levels(grouped.levels()), scales);
      }
      case PRODUCT -> words(name, (ProductTensor) tensor, scale);
      case FLOATS, HALVES, QUARTERS, SPARSE_FLOATS, UNIFORM, CODEBOOK, POWERS ->
          add(name, tensor.columns(), scaled(tensor.toFloats(), scale));
    };
  }

  /** Adds a matrix of any numbers, row-major. */
  String add(String name, int columns, float[] numbers) {
    return add(name, columns, numbers, Scales.NONE);
  }

  private String add(String name, int columns, float[] numbers, Scales scales) {
    return add(name, columns, PackedMatrix.of(numbers), scales, 1, columns);
  }

  private String words(String name, ProductTensor tensor, float scale) {
    int dimension = tensor.dimension();
    LevelMatrix codes = tensor.codes();
    PackedMatrix packed = PackedMatrix.of(levels(codes));
    // What it has of each code is its number; the table has that word in its place.
    float[] words = new float[packed.values().length * dimension];
    for (int i = 0; i < packed.values().length; i++) {
      int word = (int) packed.values()[i];
      for (int k = 0; k < dimension && word > 0; k++) {
        words[i * dimension + k] = tensor.words()[(word - 1) * dimension + k] * scale;
      }
    }
    if (dimension > 1) {
      program.library().turnOn(Library.Switch.WORDS);
    }
    PackedMatrix ofWords =
        new PackedMatrix(packed.entries(), packed.bits(), words, packed.rice(), packed.width());
    return add(name, codes.columns(), ofWords, Scales.NONE, dimension, tensor.columns());
  }

  private String add(
      String name, int columns, PackedMatrix packed, Scales scales, int dimension, int numbers) {
    List<Object> fields = new ArrayList<>();
    fields.add(".columns = " + columns);
    fields.add(".entries = " + packed.entries());
    if (packed.bits().length > 0) {
      fields.add(".bits = " + program.bytes(name + "_bits", packed.bits()));
    }
    if (packed.values().length > 0) {
      fields.add(".values = " + program.floats(name + "_values", packed.values()));
    }
    fields.add(".rice = " + packed.rice());
    fields.add(".width = " + packed.width());
    if (scales.scales().length > 0) {
      program.library().turnOn(Library.Switch.SCALES);
      fields.add(".scales = " + program.floats(name + "_scales", scales.scales()));
      fields.add(".group = " + scales.group());
    }
    if (dimension > 1) {
      fields.add(".dimension = " + dimension);
      fields.add(".numbers = " + numbers);
    }
    return program.structure("weights", name, STRUCTURE_BYTES, fields);
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
