package dev.pare.predict;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Representation;
import dev.pare.artifact.SampleNetworks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    LeastTimes times = LeastTimes.of(network, file, images, ROUNDS / images.size());
    return "%d at once, %d nonzero weights: file %d bytes, predictor %d bytes; Predictor %.1f µs, ONNX Runtime %.1f µs"
        .formatted(
            images.size(),
            network.tensors().stream().mapToInt(tensor -> tensor.nonzeros()).sum(),
            file.length,
            memory(file),
            times.own(),
            times.other());
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
