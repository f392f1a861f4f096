package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Metric;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Quantize.Quantizer;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Quantization;
import dev.pare.predict.Predictor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A candidate with activations of 8 bits, from the teacher to the file. */
class QuantizedActivationsStageTest {
  @ParameterizedTest
  @ValueSource(strings = {"uniform", "uniform-channel", "entropy-penalized"})
  void theFileIsMeasuredInTheIntegersThatItRunsIn(String quantizer) {
    DistillationData distillation = SampleStages.distillation();
    StageChain chain = new StageChain(distillation);
    Quantize quantize =
        new Quantize(
            6,
            new Quantizer(quantizer),
            64,
            4,
            null,
            0,
            Quantize.Weight.NONE,
            8,
            BatchNormalization.FOLD,
            Encode.Origin.OFF,
            SampleStages.training(0.001));
    CompressedNetwork pruned =
        chain.run(SampleStages.prune(0.001), CompressedNetwork.of(SampleStages.teacher()), 5);
    byte[] file =
        chain
            .written(new Encode(Encode.Precision.FLOAT32), chain.run(quantize, pruned, 6), 7)
            .file();
    Evaluation measured =
        FileMeasurement.of(
                file,
                new ArtifactReader().decode(file),
                OriginBytes.UNKNOWN,
                SampleStages.teacher().architecture(),
                distillation.validation(),
                Metric.ERROR)
            .evaluation();
    CompressedNetwork network = new ArtifactReader().read(file);
    assertThat(network.architecture().layers().stream().filter(Quantization.class::isInstance))
        .hasSize(2);
    Predictor predictor = Predictor.open(file);
    Examples validation = distillation.validation();
    int wrong = 0;
    for (int i = 0; i < validation.size(); i++) {
      float[] features = new float[validation.features()];
      validation.copyFeatures(i, features, 0);
      wrong += predictor.predict(features).label() == validation.label(i) ? 0 : 1;
    }
    assertThat(measured.score().value()).isEqualTo((double) wrong / validation.size());
    float[] exact = Evaluator.logits(network, validation);
    assertThat(Evaluator.answers(exact, validation.size()))
        .isNotEqualTo(new int[validation.size()]);
  }
}
