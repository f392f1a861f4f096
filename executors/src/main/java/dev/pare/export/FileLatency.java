package dev.pare.export;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.evaluate.Latency;
import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import dev.pare.prepare.Preparation;
import dev.pare.rewrite.WrittenNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How long a file's network takes where it is used, from features to outputs.
 *
 * @param predictor in plain Java
 * @param runtime in ONNX Runtime, called from Java, with all weights as floats
 */
public record FileLatency(Latency predictor, Latency runtime) {
  /**
   * Times both side by side on the calling thread, on random features.
   *
   * @param batch examples at once, at least 1
   * @param seconds that each is timed for, above 0
   * @throws ExportException if there is no ONNX model of the network, or ONNX Runtime cannot run it
   * @throws dev.pare.predict.UnsupportedLayerException if a layer runs in DL4J alone
   */
  public static FileLatency measure(CompressedNetwork network, int batch, double seconds) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch = " + batch + ": must be at least 1");
    }
    CompressedNetwork ofFeatures = network.withPreparation(Preparation.NONE);
    Predictor predictor = Predictor.open(WrittenNetwork.of(ofFeatures).file());
    float[] features = SomeInputs.of(ofFeatures, batch).values();
    int size = features.length / batch;
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      rows.add(Arrays.copyOfRange(features, i * size, (i + 1) * size));
    }
    ExportedModel model = OnnxExport.of(ofFeatures, WeightForm.FLOAT, Map.of());
    List<String> outputs = List.of(model.layers().get(model.layers().size() - 1));
    try (ModelRun session = new ModelRun(model, outputs)) {
      List<Latency> latencies =
          Latency.sideBySide(
              List.of(
                  () -> predictor.predictAll(rows).forEach(Prediction::outputs),
                  () -> session.values(features, batch)),
              seconds);
      return new FileLatency(latencies.get(0), latencies.get(1));
    }
  }
}
