package dev.pare.cli;

import dev.pare.candidate.StageKey;
import dev.pare.data.DataLoader;
import dev.pare.data.TrainingData;
import dev.pare.model.Architecture;
import dev.pare.model.Dl4jNetworks;
import dev.pare.model.InputShape;
import dev.pare.plan.Workload;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import dev.pare.spec.TeacherSpec;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a sweep's network and data will ask of the machine, as far as can be told beforehand.
 *
 * @param teacher its key, by which the store may know some of the sweep already
 */
record PlannedWorkload(StageKey teacher, Workload workload) {
  /**
   * Reads the training data, and the teacher if it is in a file.
   *
   * @throws IOException if a file cannot be read
   * @throws RuntimeException if the data or the teacher cannot be used
   */
  static PlannedWorkload of(SweepSpec spec) throws IOException {
    Configuration hadoop = new Configuration();
    TrainingData data = DataLoader.loadTraining(spec.data(), hadoop);
    InputShape input =
        new InputShape(
            data.shape().channels(),
            data.shape().height(),
            data.shape().width(),
            spec.data().divisor());
    return new PlannedWorkload(
        TeacherProvider.key(spec, data, hadoop),
        Workload.of(
            architecture(spec.teacher(), input, data.classes(), hadoop),
            data.train().size(),
            spec.teacher().augmentation().copies(),
            data.validation().size()));
  }

  private static Architecture architecture(
      TeacherSpec teacher, InputShape input, int classes, Configuration hadoop) throws IOException {
    return switch (teacher.kind()) {
      case TRAIN -> ((TeacherSpec.Train) teacher).architecture().resolve(input, classes);
      case LOAD -> {
        Path model = new Path(((TeacherSpec.Load) teacher).model());
        try (InputStream in = model.getFileSystem(hadoop).open(model)) {
          yield Dl4jNetworks.fromDl4j(Dl4jNetworks.read(in), input).architecture();
        }
      }
    };
  }
}
