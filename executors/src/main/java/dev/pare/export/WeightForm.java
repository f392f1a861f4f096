package dev.pare.export;

import dev.pare.artifact.Float16;
import dev.pare.candidate.Spelling;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * How a model holds its weights; each tensor that would not become smaller by it holds floats, and
 * so do normalizations, and biases but where {@link ActivationRanges} are given.
 */
public enum WeightForm {
  /** As floats. */
  FLOAT {
    @Override
    @Nullable String add(OnnxModel model, String name, Matrix matrix, int[] dims) {
      return null;
    }
  },

  /** As numbers of half precision, which a node casts. */
  FLOAT16 {
    @Override
    @Nullable String add(OnnxModel model, String name, Matrix matrix, int[] dims) {
      float[] values = matrix.values();
      float[] halves = new float[values.length];
      ByteBuffer bytes = OnnxModel.bytes(values.length * Float16.BYTES);
      for (int i = 0; i < values.length; i++) {
        short half = Float16.of(values[i]);
        halves[i] = Float16.toFloat(half);
        bytes.putShort(half);
        if (Float.isInfinite(halves[i])) {
          return null;
        }
      }
      if (bytes.capacity() + NODE_BYTES >= matrix.bytes()) {
        return null;
      }
      System.arraycopy(halves, 0, values, 0, values.length);
      return cast(
          model,
          tensor(model, name, TensorProto.DataType.FLOAT16, dims, bytes),
          TensorProto.DataType.FLOAT);
    }
  },

  /**
   * As whole numbers from −127 to 127 with a step for each row, which is an output unit or channel:
   * those of the file, where it has such, else nearest ones.
   */
  INT8 {
    @Override
    @Nullable String add(OnnxModel model, String name, Matrix matrix, int[] dims) {
      float[] values = matrix.values();
      float[] steps = matrix.steps();
      if (values.length + (Float.BYTES + 1) * steps.length + NODE_BYTES >= matrix.bytes()) {
        return null;
      }
      ByteBuffer bytes = OnnxModel.bytes(values.length);
      for (int i = 0; i < values.length; i++) {
        float step = steps[matrix.row(i)];
        int level = Math.max(-Matrix.MOST, Math.min(Matrix.MOST, Math.round(values[i] / step)));
        bytes.put((byte) level);
        values[i] = level * step;
      }
      String levels = tensor(model, name, TensorProto.DataType.INT8, dims, bytes);
      String scales = model.floats(name + "_scale", new int[] {steps.length}, steps);
      if (matrix.isTransposed()) {
        // Behind DequantizeLinear, ONNX Runtime has MatMul round what it reads to 8 bits, too.
        String floats = cast(model, levels, TensorProto.DataType.FLOAT);
        return model.node("Mul", Map.of(), floats, scales);
      }
      // Optimizers take the type of levels from that of the zero points.
      String zeros =
          tensor(
              model,
              name + "_zero_point",
              TensorProto.DataType.INT8,
              new int[] {steps.length},
              OnnxModel.bytes(steps.length));
      String weight =
          model.node("DequantizeLinear", Map.of("axis", matrix.axis(dims)), levels, scales, zeros);
      model.hasSteps(weight, steps);
      return weight;
    }
  },

  /**
   * As indices into a table of the words that occur, a word being so many neighbouring weights as
   * make the model smallest. Nothing is rounded.
   */
  CODEBOOK {
    @Override
    @Nullable String add(OnnxModel model, String name, Matrix matrix, int[] dims) {
      Words best = null;
      long bytes = matrix.bytes();
      for (int length = 1; length <= Words.LONGEST; length++) {
        Words words = Words.of(matrix.values(), length);
        if (words != null && words.bytes() + 3 * NODE_BYTES < bytes) {
          best = words;
          bytes = words.bytes() + 3 * NODE_BYTES;
        }
      }
      if (best == null) {
        return null;
      }
      int[] single = {best.indices().length};
      boolean small = best.count() <= 1 << Byte.SIZE;
      ByteBuffer indices = OnnxModel.bytes(best.indexBytes());
      for (int index : best.indices()) {
        if (small) {
          indices.put((byte) index);
        } else {
          indices.putShort((short) index);
        }
      }
      String table =
          model.floats(name + "_words", new int[] {best.count(), best.length()}, best.table());
      String read =
          tensor(
              model,
              name,
              small ? TensorProto.DataType.UINT8 : TensorProto.DataType.UINT16,
              single,
              indices);
      String words =
          model.node("Gather", Map.of(), table, cast(model, read, TensorProto.DataType.INT32));
      return model.node(
          "Reshape",
          Map.of(),
          words,
          model.vector("sides", IntStream.of(dims).asLongStream().toArray()));
    }
  };

  /** The form that is spelled so, if there is one. */
  public static Optional<WeightForm> of(String spelled) {
    return Arrays.stream(values()).filter(form -> form.toString().equals(spelled)).findFirst();
  }

  /** As the command line spells it. */
  @Override
  public String toString() {
    return Spelling.of(this);
  }

  /** About what a node takes in a file. */
  private static final int NODE_BYTES = 100;

  /**
   * Adds a weight to a model, and has the matrix hold what the model does.
   *
   * @return the name of its values; null where floats are smaller, and nothing was added
   */
  abstract @Nullable String add(OnnxModel model, String name, Matrix matrix, int[] dims);

  private static String tensor(
      OnnxModel model, String name, TensorProto.DataType type, int[] dims, ByteBuffer bytes) {
    return model.constant(OnnxModel.tensor(model.unused(name), type, dims, bytes.array()));
  }

  private static String cast(OnnxModel model, String value, TensorProto.DataType type) {
    return model.node("Cast", Map.of("to", type.getNumber()), value);
  }

  /**
   * Neighbouring weights taken together.
   *
   * @param length of a word
   * @param indices of the weights' words
   * @param table the words that occur, one after the other
   */
  private record Words(int length, int[] indices, float[] table) {
    static final int LONGEST = 32;

    private static final int MOST = 1 << Short.SIZE;

    /** Those of this length; null if weights do not fall into such, or too many words are there. */
    static @Nullable Words of(float[] values, int length) {
      if (values.length % length != 0) {
        return null;
      }
      Map<Word, Integer> found = new HashMap<>();
      int[] indices = new int[values.length / length];
      float[] table = new float[MOST];
      for (int i = 0; i < indices.length; i++) {
        int from = i * length;
        int next = found.size();
        int index =
            found.computeIfAbsent(
                new Word(Arrays.copyOfRange(values, from, from + length)), word -> next);
        if (index == MOST) {
          return null;
        }
        if (index == next) {
          if (table.length < (index + 1) * length) {
            table = Arrays.copyOf(table, 2 * table.length);
          }
          System.arraycopy(values, from, table, index * length, length);
        }
        indices[i] = index;
      }
      return new Words(length, indices, Arrays.copyOf(table, found.size() * length));
    }

    int count() {
      return table.length / length;
    }

    int indexBytes() {
      return indices.length * (count() <= 1 << Byte.SIZE ? 1 : Short.BYTES);
    }

    long bytes() {
      return indexBytes() + (long) Float.BYTES * table.length;
    }
  }

  private static final class Word {
    private final float[] values;

    Word(float[] values) {
      this.values = values;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Word word && Arrays.equals(values, word.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }
}
