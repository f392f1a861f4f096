package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Augmentation;
import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import dev.pare.data.DataSettings;
import dev.pare.train.Devices;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Where an executor finds what its students learn from. Small: this travels, the data do not.
 *
 * @param trainingDigest of the training files as the driver read them; an executor that reads
 *     others fails
 * @param teacher whose logits are in the store
 * @param teacherSeed of the teacher's first weights, or null if it was not trained by Pare
 * @param store the folder of the stage store
 * @param metric by which students are judged
 * @param engine what trains them: {@link Devices#CPU} or a kind of device
 */
public record DistillationDataSource(
    DataSettings data,
    Augmentation augmentation,
    String trainingDigest,
    StageKey teacher,
    @Nullable Long teacherSeed,
    String store,
    Metric metric,
    String engine)
    implements Serializable {
  public DistillationDataSource {
    requireNonNull(data, "data is null");
    requireNonNull(augmentation, "augmentation is null");
    requireNonNull(trainingDigest, "trainingDigest is null");
    requireNonNull(teacher, "teacher is null");
    requireNonNull(store, "store is null");
    requireNonNull(metric, "metric is null");
    requireNonNull(engine, "engine is null");
  }
}
