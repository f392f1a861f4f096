package dev.pare.run;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.WatchedDisk;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.ThirdObjective;
import dev.pare.folder.SweepFolder;
import dev.pare.ledger.RunningLedger;
import dev.pare.plan.StageTree;
import dev.pare.status.SweepCounters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SweepRecorderTest {
  private final Configuration hadoop = WatchedDisk.addTo(new Configuration());

  @Test
  void aDiskThatIsFullForAWhileIsOutlasted(@TempDir Path folder) throws Exception {
    Candidate candidate = candidate(0.9, 2);
    StageKey key = StageTree.of(ROOT, List.of(candidate)).keys().get(candidate);
    String out = "watched:" + folder;
    RunningLedger ledger = new RunningLedger(out + "/ledger", hadoop);
    ledger.expect(List.of(key));
    Path status = folder.resolve("status.json");
    try (SweepRecorder recorder =
        new SweepRecorder(
            new SweepCounters("test", ThirdObjective.NONE),
            new SweepListener() {},
            new SweepFolder(out, hadoop),
            "0")) {
      recorder.keep(
          ledger, RunningPageTest.page(new SweepFolder(out, hadoop), ledger, System.nanoTime()));
      await(() -> Files.exists(status));
      WatchedDisk.fill(true);
      ledger.add(
          candidate, new Outcome.Measured(key, measurement(100), Map.of(), provenance("0@here")));
      TimeUnit.SECONDS.sleep(4);
      FileTime before = Files.getLastModifiedTime(status);
      assertThat(folder.resolve("ledger/ledger.parquet")).doesNotExist();

      WatchedDisk.fill(false);
      await(() -> Files.exists(folder.resolve("ledger/ledger.parquet")));
      await(() -> status.toFile().lastModified() > before.toMillis());
    } finally {
      WatchedDisk.fill(false);
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
