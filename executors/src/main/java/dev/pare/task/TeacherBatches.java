package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import java.io.Serializable;
import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One worker's part of an epoch of data-parallel teacher training, as {@link JavaBytes} of
 * minibatches made where they are used.
 */
public final class TeacherBatches implements FlatMapFunction<Integer, byte[]> {
  private static final long serialVersionUID = 1;

  private final DistillationDataSource source;
  private final Epoch epoch;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * @param number of the epoch, from 0
   * @param workers among whom it is divided
   * @param batch examples a minibatch
   * @param labelSmoothing share of a label spread evenly over all classes
   * @param divisor of raw feature values
   * @param seed of the order of the examples
   */
  public record Epoch(
      int number, int workers, int batch, double labelSmoothing, float divisor, long seed)
      implements Serializable {}

  public TeacherBatches(
      DistillationDataSource source, Epoch epoch, Broadcast<SerializableConfiguration> hadoop) {
    this.source = requireNonNull(source, "source is null");
    this.epoch = requireNonNull(epoch, "epoch is null");
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
  }

  @Override
  public Iterator<byte[]> call(Integer worker) {
    Examples examples = ExecutorResources.examples(source, hadoop.value().value());
    int originals = ExecutorResources.originals(source, hadoop.value().value());
    int variants = examples.size() / originals;
    int[] order = shuffled(originals);
    int from = (int) ((long) originals * worker / epoch.workers());
    int to = (int) ((long) originals * (worker + 1) / epoch.workers());
    int batches = (to - from + epoch.batch() - 1) / epoch.batch();
    return IntStream.range(0, batches)
        .mapToObj(
            b -> {
              int first = from + b * epoch.batch();
              int[] indices =
                  IntStream.range(first, Math.min(first + epoch.batch(), to))
                      .map(i -> (order[i] + epoch.number()) % variants * originals + order[i])
                      .toArray();
              return JavaBytes.of(batch(examples, indices));
            })
        .iterator();
  }

  private int[] shuffled(int originals) {
    int[] order = IntStream.range(0, originals).toArray();
    SplittableRandom random = new SplittableRandom(epoch.seed() + epoch.number());
    for (int i = originals - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  private DataSet batch(Examples examples, int[] indices) {
    int features = examples.features();
    int classes = examples.classes();
    float[] inputs = new float[indices.length * features];
    float[] labels = new float[indices.length * classes];
    java.util.Arrays.fill(labels, (float) (epoch.labelSmoothing() / classes));
    for (int b = 0; b < indices.length; b++) {
      examples.copyFeatures(indices[b], inputs, b * features);
      labels[b * classes + examples.label(indices[b])] += (float) (1 - epoch.labelSmoothing());
    }
    INDArray scaled =
        Nd4j.create(inputs, new long[] {indices.length, features}, 'c').divi(epoch.divisor());
    return new DataSet(scaled, Nd4j.create(labels, new long[] {indices.length, classes}, 'c'));
  }
}
