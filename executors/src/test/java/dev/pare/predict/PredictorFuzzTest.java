package dev.pare.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.Bodies;
import dev.pare.artifact.MalformedArtifactException;
import java.util.Collections;

/**
 * Runs whatever network comes. The normal run takes the inputs beside the test; with {@code
 * JAZZER_FUZZ=1} in the environment it searches for new ones: {@code JAZZER_FUZZ=1 mvn -pl
 * executors -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=PredictorFuzzTest}
 */
class PredictorFuzzTest {
  private static final ArtifactReader READER = new ArtifactReader(1 << 16);

  /** Networks of more work are not run, lest few are. */
  private static final double MOST_OPERATIONS = 1e6;

  @FuzzTest(maxDuration = "10m")
  void anyBodyUnderARightChecksum(byte[] body) {
    Predictor predictor;
    try {
      predictor = Predictor.open(Bodies.file(body), READER);
    } catch (MalformedArtifactException | UnsupportedLayerException e) {
      return;
    }
    if (predictor.architecture().cost().operations() > MOST_OPERATIONS
        || predictor.architecture().cost().numbers() > MOST_OPERATIONS) {
      return;
    }
    try {
      Prediction prediction = predictor.predict(new float[predictor.inputs()]);
      assertThat(prediction.outputs()).hasSize(predictor.outputs());
      assertThat(prediction.label()).isBetween(0, predictor.outputs() - 1);
      assertThat(prediction.className()).isNotNull();
    } catch (InvalidInputException e) {
      assertThat(predictor.preparation().columns()).isNotEmpty();
    }
    try {
      predictor.predict(Collections.nCopies(predictor.inputs(), "1"));
    } catch (InvalidInputException e) {
      // Not a token, or a category of the file.
    }
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> predictor.predict(new float[predictor.inputs() + 1]));
  }
}
