package dev.pare.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Representation;
import dev.pare.artifact.SampleNetworks;
import dev.pare.export.OnnxExport;
import dev.pare.export.WeightForm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Microseconds of one prediction of LeNet-300-100 with few weights, and of 64 at once, on one
 * thread, the least of many, in turn with ONNX Runtime on the same network with all its floats; and
 * the memory that a predictor takes. {@code mvn -q -pl executors -am test
 * -Dsurefire.failIfNoSpecifiedTests=false -Dtest=PredictorBenchmark}
 */
class PredictorBenchmark {
  private static final int ROUNDS = Integer.getInteger("rounds", 20_000);
  private static final int COPIES = 100;

  @Test
  void times() throws OrtException, IOException {
    for (double sparsity : new double[] {0.8, 0.9, 0.95, 0.98}) {
      for (int batch : new int[] {1, 64}) {
        System.out.println("digits: " + time(1 - sparsity, Collections.nCopies(batch, digit())));
        System.out.println("no zeros: " + time(1 - sparsity, Collections.nCopies(batch, noise())));
      }
    }
  }

  /** The first image of MNIST's test data, of whose pixels most are zero. */
  private static float[] digit() throws IOException {
    Path images =
        Path.of(System.getProperty("pare.root"), "conf/quickstart/t10k-images-idx3-ubyte.gz");
    float[] pixels = new float[784];
    try (InputStream in = new GZIPInputStream(Files.newInputStream(images))) {
      in.skipNBytes(16);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = in.read();
      }
    }
    return pixels;
  }

  private static float[] noise() {
    float[] pixels = new float[784];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 1 + random.nextInt(255);
    }
    return pixels;
  }

  private static String time(double density, List<float[]> images) throws OrtException {
    CompressedNetwork network =
        SampleNetworks.of(
            SampleNetworks.lenet300100(),
            Representation.CODEBOOK,
            density,
            new SplittableRandom(1));
    byte[] file = SampleNetworks.bytes(network);
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
        for (int i = 0; i < ROUNDS / images.size(); i++) {
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
    return "%d at once, %d nonzero weights: file %d bytes, predictor %d bytes; Predictor %.1f µs, ONNX Runtime %.1f µs"
        .formatted(
            images.size(),
            network.tensors().stream().mapToInt(tensor -> tensor.nonzeros()).sum(),
            file.length,
            memory(file),
            own / 1e3,
            other / 1e3);
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

  /** What a predictor keeps on the heap. */
  private static long memory(byte[] file) {
    List<Predictor> kept = new ArrayList<>();
    kept.add(Predictor.open(file));
    long before = used();
    for (int i = 0; i < COPIES; i++) {
      kept.add(Predictor.open(file));
    }
    long bytes = (used() - before) / COPIES;
    assertThat(kept).hasSize(COPIES + 1);
    return bytes;
  }

  private static long used() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
