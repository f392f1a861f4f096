package dev.pare.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.export.OnnxExport;
import dev.pare.export.WeightForm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * The least time of many predictions of images of 28×28 pixels, on one thread, in turn with ONNX
 * Runtime on the same network with all its floats.
 *
 * @param own microseconds of a predictor
 * @param other microseconds of ONNX Runtime
 */
public record LeastTimes(double own, double other) {
  /** Times all images at once, so many times. */
  public static LeastTimes of(
      CompressedNetwork network, byte[] file, List<float[]> images, int rounds)
      throws OrtException {
    Predictor predictor = Predictor.open(file);
    byte[] model = OnnxExport.of(network, WeightForm.FLOAT, Map.of()).bytes();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    FloatBuffer direct =
        ByteBuffer.allocateDirect(Float.BYTES * 784 * images.size())
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    long own = Long.MAX_VALUE;
    long other = Long.MAX_VALUE;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor input =
              OnnxTensor.createTensor(environment, direct, new long[] {images.size(), 1, 28, 28})) {
        for (int i = 0; i < rounds; i++) {
          long start = System.nanoTime();
          float[] outputs = outputs(predictor, images);
          own = Math.min(own, System.nanoTime() - start);
          start = System.nanoTime();
          for (int k = 0; k < images.size(); k++) {
            direct.put(784 * k, images.get(k));
          }
          FloatBuffer expected;
          try (OrtSession.Result result = session.run(Map.of("input", input))) {
            expected = ((OnnxTensor) result.get(0)).getFloatBuffer();
          }
          other = Math.min(other, System.nanoTime() - start);
          if (i == 0) {
            for (int c = 0; c < outputs.length; c++) {
              assertThat(outputs[c]).isCloseTo(expected.get(c), within(1e-5f));
            }
          }
        }
      }
    }
    return new LeastTimes(own / 1e3, other / 1e3);
  }

  /** Of all images, one after the other. */
  private static float[] outputs(Predictor predictor, List<float[]> images) {
    if (images.size() == 1) {
      return predictor.predict(images.get(0)).outputs();
    }
    List<Prediction> predictions = predictor.predictAll(images);
    int each = predictor.outputs();
    float[] outputs = new float[each * predictions.size()];
    for (int i = 0; i < predictions.size(); i++) {
      System.arraycopy(predictions.get(i).outputs(), 0, outputs, i * each, each);
    }
    return outputs;
  }
}
