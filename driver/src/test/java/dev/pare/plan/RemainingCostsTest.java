package dev.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageSettings;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemainingCostsTest {
  @TempDir private Path folder;

  private static double seconds(StageSettings stage) {
    return stage instanceof Prune ? 100 : stage instanceof Quantize ? 10 : 1;
  }

  @Test
  void whatOthersHaveBegunCostsNothing() throws IOException {
    Path conf = folder.resolve("x.conf");
    Files.writeString(
        conf,
        """
        sweep.out = "file:///results"
        data.train { features = a, labels = b }
        data.test { features = c, labels = d }
        teacher.architecture = lenet-300-100
        space { sparsity = [0.5, 0.9], bits = [2, 4] }
        """);
    List<Candidate> all = CandidateSearch.all(SweepSpec.load(conf.toString(), List.of()));
    List<List<StageSettings>> stages = all.stream().map(Candidate::stages).toList();
    RemainingCosts costs = new RemainingCosts((stage, start) -> seconds(stage));

    assertThat(stages).extracting(costs::seconds).containsExactly(111.0, 111.0, 111.0, 111.0);
    // 0.5 at 2 bits.
    costs.begin(stages.get(0));
    assertThat(stages).extracting(costs::seconds).containsExactly(0.0, 11.0, 111.0, 111.0);
  }
}
