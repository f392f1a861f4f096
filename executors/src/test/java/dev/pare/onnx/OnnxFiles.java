package dev.pare.onnx;

import dev.pare.graph.InputShape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code src/test/python/export_onnx.py} has made. */
public final class OnnxFiles {
  private static final float DIVISOR = 255;

  /** Seven tokens, of which there are 20. */
  static final InputShape TOKENS = new InputShape(1, 7, 1, 1);

  /** What {@code export_sequences.py} has made. */
  static final List<String> OF_TOKENS =
      Stream.of(
              "mean",
              "convolutions",
              "whole",
              "gru-last",
              "gru-hidden",
              "gru-maximum",
              "gru-first",
              "lstm-mean",
              "lstm-states",
              "lstm-both",
              "attention",
              "attention-without-biases",
              "multihead",
              "multihead-without-biases",
              "transformer",
              "transformer-norm-first",
              "transformer-opset-11",
              "causal",
              "multiplied",
              "window",
              "distances",
              "multi-query",
              "cosine",
              "values",
              "kept",
              "grouped",
              "decoder",
              "learnt",
              "bare")
          .map(name -> "sequences/" + name)
          .toList();

  /** The networks that are supported. */
  public static final Map<String, InputShape> SUPPORTED = new LinkedHashMap<>();

  static {
    InputShape image = new InputShape(2, 10, 10, DIVISOR);
    InputShape sequence = new InputShape(1, 4, 5, DIVISOR);
    InputShape features = new InputShape(6, 1, 1, DIVISOR);
    SUPPORTED.put("mlp", features);
    SUPPORTED.put("cnn-opset-9", image);
    SUPPORTED.put("cnn-opset-17", image);
    SUPPORTED.put("cnn-unfolded", image);
    SUPPORTED.put("cnn-one-example", image);
    SUPPORTED.put("resnet", new InputShape(2, 8, 8, DIVISOR));
    SUPPORTED.put("pre-activation", new InputShape(2, 6, 6, DIVISOR));
    SUPPORTED.put("lstm-opset-9", sequence);
    SUPPORTED.put("lstm-opset-17", sequence);
    SUPPORTED.put("lstm-hidden", sequence);
    SUPPORTED.put("lstm-steps-first", sequence);
    SUPPORTED.put("layer-normalization-opset-13", features);
    SUPPORTED.put("layer-normalization-opset-17", features);
    SUPPORTED.put("sequence", new InputShape(2, 11, 1, DIVISOR));
    SUPPORTED.put("channels-last", new InputShape(2, 6, 5, DIVISOR));
    SUPPORTED.put("projection", new InputShape(2, 6, 5, DIVISOR));
    InputShape colours = new InputShape(3, 12, 12, DIVISOR);
    SUPPORTED.put("mobilenet-v2", colours);
    SUPPORTED.put("mobilenet-v3-opset-9", colours);
    SUPPORTED.put("mobilenet-v3-opset-17", colours);
    SUPPORTED.put("densenet", colours);
    InputShape larger = new InputShape(3, 16, 16, DIVISOR);
    SUPPORTED.put("shufflenet-opset-11", larger);
    SUPPORTED.put("shufflenet-opset-17", larger);
    SUPPORTED.put("squeezenet", larger);
    SUPPORTED.put("functions-opset-9", features);
    SUPPORTED.put("functions-opset-17", features);
    for (int opset : new int[] {11, 13, 16}) {
      SUPPORTED.put("unet-opset-" + opset, new InputShape(2, 8, 10, DIVISOR));
    }
    SUPPORTED.put("autoencoder", new InputShape(2, 8, 6, DIVISOR));
    SUPPORTED.put("uneven", new InputShape(2, 8, 9, DIVISOR));
    for (String name : OF_TOKENS) {
      SUPPORTED.put(name, TOKENS);
    }
    // Of two inputs each, whose numbers are a row.
    SUPPORTED.put("two-inputs", new InputShape(63, 1, 1, DIVISOR));
    SUPPORTED.put("sequences/pair", new InputShape(11, 1, 1, 1));
  }

  private OnnxFiles() {}

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = OnnxFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      return in.readAllBytes();
    }
  }

  public static byte[] model(String name) throws IOException {
    return bytes(name + ".onnx");
  }

  public static float[] floats(String name) throws IOException {
    byte[] bytes = bytes(name);
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
