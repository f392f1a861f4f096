package dev.pare.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import onnx.Onnx.TensorProto;

/** A model in ONNX Runtime, which runs on the calling thread. */
public final class RuntimeSession implements AutoCloseable {
  private final OrtSession.SessionOptions options;
  private final OrtSession session;

  /** Which nodes run. */
  public enum Nodes {
    /** Those of the model. */
    AS_THEY_ARE,
    /** Whatever ONNX Runtime makes of them, its default. */
    OPTIMIZED
  }

  /** What an input gets. */
  public sealed interface Input {
    /** Its sides, the batch first. */
    long[] dims();
  }

  /** Numbers, row-major, whole ones where the model reads tokens. */
  public record Numbers(float[] values, long... dims) implements Input {}

  /** Texts, row-major. */
  public record Texts(String[] values, long... dims) implements Input {}

  /**
   * Loads a model.
   *
   * @throws OnnxException if ONNX Runtime cannot run it
   */
  public RuntimeSession(byte[] model, Nodes nodes) {
    try {
      options = options(nodes);
    } catch (OrtException e) {
      throw failure(e);
    }
    try {
      session = environment().createSession(model, options);
    } catch (OrtException e) {
      options.close();
      throw failure(e);
    }
  }

  private static OrtEnvironment environment() throws OrtException {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "pare");
    environment.setTelemetry(false);
    return environment;
  }

  private static OrtSession.SessionOptions options(Nodes nodes) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(
        switch (nodes) {
          case AS_THEY_ARE -> OrtSession.SessionOptions.OptLevel.NO_OPT;
          case OPTIMIZED -> OrtSession.SessionOptions.OptLevel.ALL_OPT;
        });
    return options;
  }

  /**
   * Runs the model.
   *
   * @return the outputs by name, row-major
   * @throws OnnxException if ONNX Runtime fails, or an output is not of floats
   */
  public Map<String, float[]> run(Map<String, Input> inputs) {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (Map.Entry<String, Input> input : inputs.entrySet()) {
        tensors.put(input.getKey(), tensor(input.getKey(), input.getValue()));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        Map<String, float[]> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.put(output.getKey(), floats(output.getValue()));
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw failure(e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  /**
   * What an output is.
   *
   * @param dims its sides, −1 where it is not known before it is made; none of a single number, and
   *     where nothing is known
   */
  record Sides(long[] dims) {
    boolean isKnown() {
      return dims.length > 0 && isNumberOrKnown();
    }

    /** Whether it is known, if something is. */
    boolean isNumberOrKnown() {
      return Arrays.stream(dims).noneMatch(side -> side < 0);
    }

    /** How many numbers it has, sides that are not known being 1. */
    long size() {
      return Arrays.stream(dims).map(side -> side < 0 ? 1 : side).reduce(1, Math::multiplyExact);
    }
  }

  /** What is known of the outputs before anything is run. */
  Map<String, Sides> sides() {
    Map<String, Sides> sides = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, NodeInfo> output : session.getOutputInfo().entrySet()) {
        sides.put(
            output.getKey(),
            output.getValue().getInfo() instanceof TensorInfo tensor
                ? new Sides(tensor.getShape())
                : new Sides(new long[] {-1}));
      }
    } catch (OrtException e) {
      throw failure(e);
    }
    return sides;
  }

  /** What a model without inputs makes, by name, of numbers that sides are computed of. */
  Map<String, TensorProto.Builder> constants() {
    Map<String, TensorProto.Builder> made = new LinkedHashMap<>();
    try (OrtSession.Result result = session.run(Map.of())) {
      for (Map.Entry<String, OnnxValue> output : result) {
        if (!(output.getValue() instanceof OnnxTensor tensor)) {
          throw new OnnxException("it computes sides with what is no tensor");
        }
        made.put(output.getKey(), proto(tensor));
      }
    } catch (OrtException e) {
      throw failure(e);
    }
    return made;
  }

  private static TensorProto.Builder proto(OnnxTensor tensor) {
    TensorProto.Builder proto = TensorProto.newBuilder();
    Arrays.stream(tensor.getInfo().getShape()).forEach(proto::addDims);
    switch (tensor.getInfo().type) {
      case INT64 -> {
        proto.setDataType(TensorProto.DataType.INT64_VALUE);
        for (LongBuffer all = tensor.getLongBuffer(); all.hasRemaining(); ) {
          proto.addInt64Data(all.get());
        }
      }
      case INT32 -> {
        proto.setDataType(TensorProto.DataType.INT32_VALUE);
        for (IntBuffer all = tensor.getIntBuffer(); all.hasRemaining(); ) {
          proto.addInt32Data(all.get());
        }
      }
      case BOOL -> {
        proto.setDataType(TensorProto.DataType.BOOL_VALUE);
        for (ByteBuffer all = tensor.getByteBuffer(); all.hasRemaining(); ) {
          proto.addInt32Data(all.get());
        }
      }
      case FLOAT -> {
        proto.setDataType(TensorProto.DataType.FLOAT_VALUE);
        for (FloatBuffer all = tensor.getFloatBuffer(); all.hasRemaining(); ) {
          proto.addFloatData(all.get());
        }
      }
      default -> throw new OnnxException("it computes sides with " + tensor.getInfo().type);
    }
    return proto;
  }

  private OnnxTensor tensor(String name, Input input) throws OrtException {
    if (input instanceof Texts texts) {
      return OnnxTensor.createTensor(environment(), texts.values(), texts.dims());
    }
    float[] values = ((Numbers) input).values();
    NodeInfo info = session.getInputInfo().get(name);
    if (info == null || !(info.getInfo() instanceof TensorInfo tensor)) {
      throw new OnnxException("it has no tensor " + OnnxException.shown(name) + " as an input");
    }
    return switch (tensor.type) {
      case INT64 -> {
        LongBuffer wholes = LongBuffer.allocate(values.length);
        for (float value : values) {
          wholes.put((long) value);
        }
        yield OnnxTensor.createTensor(environment(), wholes.flip(), input.dims());
      }
      case INT32 -> {
        IntBuffer wholes = IntBuffer.allocate(values.length);
        for (float value : values) {
          wholes.put((int) value);
        }
        yield OnnxTensor.createTensor(environment(), wholes.flip(), input.dims());
      }
      default -> OnnxTensor.createTensor(environment(), FloatBuffer.wrap(values), input.dims());
    };
  }

  private static float[] floats(OnnxValue output) {
    if (!(output instanceof OnnxTensor tensor)) {
      throw new OnnxException("its output is no tensor");
    }
    FloatBuffer buffer = tensor.getFloatBuffer();
    if (buffer == null) {
      throw new OnnxException("its output is not of floats");
    }
    float[] floats = new float[buffer.remaining()];
    buffer.get(floats);
    return floats;
  }

  private static OnnxException failure(OrtException e) {
    return new OnnxException(
        "ONNX Runtime cannot run it: " + OnnxException.shown(String.valueOf(e.getMessage())), e);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw failure(e);
    } finally {
      options.close();
    }
  }
}
