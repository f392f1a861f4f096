package dev.pare.run;

import dev.pare.candidate.StageKey;
import dev.pare.data.DataLoader;
import dev.pare.data.DataSummary;
import dev.pare.data.TestData;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Metrics;
import dev.pare.evaluate.NetworkInputs;
import dev.pare.graph.Architecture;
import dev.pare.plan.StudentArchitectures;
import dev.pare.plan.Workload;
import dev.pare.schedule.StudentNetworks;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.HadoopSettings;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * What a sweep's network and data will ask of the machine, as far as can be told beforehand.
 *
 * @param data what the data are
 * @param teacher its key, by which the store may know some of the sweep already
 * @param network the teacher's layers
 * @param students what students may begin with
 * @param workload of students that begin with the teacher
 */
public record PlannedWorkload(
    DataSummary data,
    StageKey teacher,
    Architecture network,
    StudentArchitectures students,
    Workload workload) {
  /**
   * Reads the data, and the teacher if it is in a file.
   *
   * @throws IOException if a file cannot be read
   * @throws dev.pare.data.DataException if the data or the teacher cannot be used
   */
  public static PlannedWorkload of(SweepSpec spec) throws IOException {
    Configuration hadoop = HadoopSettings.load();
    TrainingData data = DataLoader.loadTraining(spec.data(), hadoop);
    TestData test = DataLoader.loadTest(spec.data(), data.form(), hadoop);
    Metrics.check(spec.metric(), data.validation(), "validation");
    Metrics.check(spec.metric(), test.examples(), "test");
    ListedTeacher.check(spec, hadoop);
    Architecture network = TeacherProvider.architecture(spec, data, hadoop);
    NetworkInputs.check(network, data, spec.data());
    NetworkInputs.check(network, test, spec.data());
    return new PlannedWorkload(
        DataSummary.of(data, test),
        TeacherProvider.key(spec, data, hadoop),
        network,
        StudentNetworks.of(spec, data, hadoop, network).architectures(),
        Workload.of(
            network,
            data.train().size(),
            spec.teacher().augmentation().copies(),
            data.validation().size(),
            data.bytes(),
            Metrics.bytes(spec.metric(), data.validation())));
  }
}
