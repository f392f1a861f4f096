package dev.pare.onnx;

import dev.pare.artifact.Float16;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

/** Constants from their messages, whose sides must be those of the numbers that are there. */
final class TensorReader {
  private TensorReader() {}

  /**
   * Reads a tensor that is whole in its message.
   *
   * @throws OnnxException if it is damaged or of a type that Pare has no use for
   */
  static Tensor read(TensorProto proto) {
    try {
      if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL
          || proto.getExternalDataCount() > 0) {
        throw new OnnxException("its numbers are in another file, which was not read");
      }
      return read(proto, dims(proto));
    } catch (OnnxException e) {
      throw new OnnxException(
          "tensor " + OnnxException.shown(proto.getName()) + ": " + e.getMessage(), e);
    }
  }

  /**
   * The sides of a tensor.
   *
   * @throws OnnxException if they are negative or too many
   */
  static int[] dims(TensorProto proto) {
    if (proto.getDimsCount() > Dimensions.MOST_SIDES) {
      throw new OnnxException("has %d axes".formatted(proto.getDimsCount()));
    }
    int[] dims = new int[proto.getDimsCount()];
    for (int i = 0; i < dims.length; i++) {
      long dim = proto.getDims(i);
      if (dim < 0 || dim > Integer.MAX_VALUE) {
        throw new OnnxException("a side of " + dim);
      }
      dims[i] = (int) dim;
    }
    Dimensions.size(dims);
    return dims;
  }

  /**
   * Bytes of a number.
   *
   * @throws OnnxException if Pare has no use for the type
   */
  static int width(TensorProto proto) {
    DataType type = DataType.forNumber(proto.getDataType());
    if (type != null) {
      switch (type) {
        case BOOL, INT8, UINT8 -> {
          return 1;
        }
        case FLOAT16, BFLOAT16, INT16, UINT16 -> {
          return Short.BYTES;
        }
        case FLOAT, INT32, UINT32 -> {
          return Integer.BYTES;
        }
        case DOUBLE, INT64, UINT64 -> {
          return Long.BYTES;
        }
        case UNDEFINED, STRING, COMPLEX64, COMPLEX128, UNRECOGNIZED -> {}
      }
    }
    throw new OnnxException(
        "numbers of type %s are not supported"
            .formatted(type == null ? proto.getDataType() : type));
  }

  private static Tensor read(TensorProto proto, int[] dims) {
    int size = Dimensions.size(dims);
    int width = width(proto);
    DataType type = DataType.forNumber(proto.getDataType());
    boolean raw = !proto.getRawData().isEmpty();
    long there = raw ? proto.getRawData().size() : listed(proto, type);
    if (there != (raw ? (long) size * width : size)) {
      throw new OnnxException(
          "%d %s for %s numbers of type %s"
              .formatted(there, raw ? "bytes" : "numbers", Dimensions.text(dims), type));
    }
    ByteBuffer bytes =
        raw
            ? proto.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN)
            : ByteBuffer.allocate(0);
    switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = raw ? number(bytes, type) : number(proto, type, i);
        }
        return Tensor.of(dims, values);
      }
      default -> {
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
          values[i] = raw ? whole(bytes, type) : whole(proto, type, i);
        }
        return type == DataType.BOOL ? Tensor.truths(dims, values) : Tensor.of(dims, values);
      }
    }
  }

  private static long listed(TensorProto proto, DataType type) {
    List<?> numbers =
        switch (type) {
          case FLOAT -> proto.getFloatDataList();
          case DOUBLE -> proto.getDoubleDataList();
          case INT64 -> proto.getInt64DataList();
          case UINT32, UINT64 -> proto.getUint64DataList();
          default -> proto.getInt32DataList();
        };
    return numbers.size();
  }

  private static float number(ByteBuffer bytes, DataType type) {
    return switch (type) {
      case FLOAT -> bytes.getFloat();
      case DOUBLE -> (float) bytes.getDouble();
      case FLOAT16 -> Float16.toFloat(bytes.getShort());
      default -> Float.intBitsToFloat(bytes.getShort() << 16);
    };
  }

  private static float number(TensorProto proto, DataType type, int index) {
    return switch (type) {
      case FLOAT -> proto.getFloatData(index);
      case DOUBLE -> (float) proto.getDoubleData(index);
      case FLOAT16 -> Float16.toFloat((short) proto.getInt32Data(index));
      default -> Float.intBitsToFloat(proto.getInt32Data(index) << 16);
    };
  }

  private static long whole(ByteBuffer bytes, DataType type) {
    return switch (type) {
      case BOOL -> bytes.get() == 0 ? 0 : 1;
      case INT8 -> bytes.get();
      case UINT8 -> bytes.get() & 0xFF;
      case INT16 -> bytes.getShort();
      case UINT16 -> bytes.getShort() & 0xFFFF;
      case INT32 -> bytes.getInt();
      case UINT32 -> bytes.getInt() & 0xFFFFFFFFL;
      default -> bytes.getLong();
    };
  }

  private static long whole(TensorProto proto, DataType type, int index) {
    return switch (type) {
      case INT64 -> proto.getInt64Data(index);
      case UINT32, UINT64 -> proto.getUint64Data(index);
      case BOOL -> proto.getInt32Data(index) == 0 ? 0 : 1;
      default -> proto.getInt32Data(index);
    };
  }
}
