package dev.pare.status;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.candidate.ThirdObjective;
import dev.pare.pipeline.StageReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private static final class Taken extends AbstractAppender {
    private final List<LogEvent> events = new ArrayList<>();

    Taken() {
      super("taken", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      events.add(event.toImmutable());
    }
  }

  private final Logger logger = (Logger) LogManager.getLogger(EventLog.LOGGER);
  private final Taken taken = new Taken();
  private final EventLog log = new EventLog("my sweep");

  @BeforeEach
  void listen() {
    taken.start();
    logger.addAppender(taken);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void hush() {
    logger.removeAppender(taken);
  }

  private LogEvent event() {
    assertThat(taken.events).hasSize(1);
    return taken.events.get(0);
  }

  @Test
  void aCandidateIsALineOfKeysAndValuesWithItsIdsInTheContext() {
    log.candidate(
        candidate(0.9, 4),
        new Outcome.Measured(ROOT, measurement(500), Map.of(), provenance("0@here")));

    assertThat(event().getMessage().getFormattedMessage())
        .isEqualTo(
            "event=candidate sweep=\"my sweep\" candidate=\"bits=4 sparsity=0.9\" stage="
                + ROOT.hex()
                + " bytes=500 sha256="
                + "ab".repeat(32)
                + " validation-accuracy=0.900000");
    assertThat(event().getContextData().toMap())
        .containsEntry("sweep", "my sweep")
        .containsEntry("candidate", "bits=4 sparsity=0.9")
        .containsEntry("stage", ROOT.hex());
  }

  @Test
  void aStageThatFailedSaysWhyWithoutBreakingTheLine() {
    log.stage(
        new StageReport(
            ROOT,
            Map.of(Kind.PRUNE, 1.5),
            null,
            new Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is \"NaN\"\nat step 3"),
            provenance("0@here")),
        "ran");

    assertThat(event().getMessage().getFormattedMessage())
        .isEqualTo(
            "event=stage-ran sweep=\"my sweep\" stage="
                + ROOT.hex()
                + " prune-seconds=1.500000 executor=0@here failure=TRAINING_DIVERGED"
                + " message=\"loss is \\\"NaN\\\"\\nat step 3\"");
    assertThat(event().getContextData().toMap()).containsOnlyKeys("sweep", "stage");
  }

  @Test
  void nothingIsSaidWhereNobodyListens() {
    logger.setLevel(Level.WARN);
    log.sweep("planned", new SweepCounters("x", ThirdObjective.NONE).status());

    assertThat(taken.events).isEmpty();
  }
}
