package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.TeacherTraining;
import dev.pare.candidate.Training;
import dev.pare.graph.Architecture;
import dev.pare.graph.Initialization;
import dev.pare.graph.Network;
import dev.pare.model.Dl4jNetworks;
import dev.pare.task.DistillationDataSource;
import dev.pare.task.JavaBroadcast;
import dev.pare.task.JavaBytes;
import dev.pare.task.TeacherBatches;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;
import org.deeplearning4j.spark.impl.paramavg.aggregator.ParameterAveragingAggregationTuple;
import org.deeplearning4j.spark.impl.paramavg.aggregator.ParameterAveragingElementAddFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Trains a teacher on the executors together, by dl4j-spark's parameter averaging: each worker
 * trains on its part of an epoch and the parameters are averaged every few batches.
 *
 * <p>The result depends on the number of workers, which is therefore a setting and not the size of
 * the cluster. A decaying learning rate falls from epoch to epoch.
 */
public final class TeacherOnSpark {
  /** Batches between averagings: fewer cost more traffic, more let the workers drift apart. */
  private static final int AVERAGING_FREQUENCY = 5;

  private final JavaSparkContext spark;
  private final DistillationDataSource source;
  private final Broadcast<SerializableConfiguration> hadoop;

  public TeacherOnSpark(
      JavaSparkContext spark,
      DistillationDataSource source,
      Broadcast<SerializableConfiguration> hadoop) {
    this.spark = requireNonNull(spark, "spark is null");
    this.source = requireNonNull(source, "source is null");
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
  }

  /** Trains from scratch with {@code workers} workers. */
  public Network train(
      Architecture architecture, TeacherTraining settings, int workers, long seed) {
    Training training = settings.training();
    MultiLayerNetwork network =
        Dl4jNetworks.toDl4j(
            Initialization.random(architecture, seed),
            new Dl4jNetworks.Training(
                new Adam(training.learningRate()), new LossMCXENT(), settings.l1(), training.l2()));
    ParameterAveragingTrainingMaster master =
        new OrderedAveraging(
            new ParameterAveragingTrainingMaster.Builder(workers, training.batch())
                .batchSizePerWorker(training.batch())
                .averagingFrequency(AVERAGING_FREQUENCY)
                .saveUpdater(true)
                .workerPrefetchNumBatches(0)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .repartionData(Repartition.Never)
                .storageLevel(null)
                .rngSeed(seed));
    SparkDl4jMultiLayer distributed =
        new SparkDl4jMultiLayer(new AnySerializer(spark), network, master);
    List<Integer> parts = IntStream.range(0, workers).boxed().toList();
    String before = spark.getLocalProperty(JobProperties.DESCRIPTION);
    try {
      for (int epoch = 0; epoch < training.epochs(); epoch++) {
        distributed.getNetwork().setLearningRate(learningRate(training, epoch));
        TeacherBatches.Epoch description =
            new TeacherBatches.Epoch(
                epoch,
                workers,
                training.batch(),
                settings.labelSmoothing(),
                architecture.input().divisor(),
                seed);
        spark.setJobDescription("teacher, epoch " + (epoch + 1) + " of " + training.epochs());
        JavaRDD<byte[]> batches =
            spark
                .parallelize(parts, workers)
                .flatMap(new TeacherBatches(source, description, hadoop))
                .persist(StorageLevel.MEMORY_ONLY());
        distributed.fit(batches.map(TeacherOnSpark::batch));
        batches.unpersist();
      }
    } finally {
      spark.setLocalProperty(JobProperties.DESCRIPTION, before);
    }
    return Dl4jNetworks.fromDl4j(distributed.getNetwork(), architecture.input());
  }

  private static double learningRate(Training training, int epoch) {
    return switch (training.decay()) {
      case NONE -> training.learningRate();
      case COSINE ->
          training.learningRate() * 0.5 * (1 + StrictMath.cos(Math.PI * epoch / training.epochs()));
    };
  }

  private static DataSet batch(byte[] bytes) {
    return JavaBytes.read(bytes, DataSet.class);
  }

  /**
   * Spark for DL4J, which refuses Kryo without a registrator for its arrays: here none of them goes
   * through {@code spark.serializer}.
   */
  private static final class AnySerializer extends JavaSparkContext {
    AnySerializer(JavaSparkContext spark) {
      super(spark.sc());
    }

    @Override
    public SparkConf getConf() {
      return super.getConf().remove("spark.serializer");
    }
  }

  /**
   * Adds up the workers' parameters in one order, not as they come in: sums of floats depend on it.
   * What travels is bytes.
   */
  private static final class OrderedAveraging extends ParameterAveragingTrainingMaster {
    OrderedAveraging(Builder settings) {
      super(settings);
    }

    @Override
    public ParameterAveragingTrainingWorker getWorkerInstance(SparkDl4jMultiLayer distributed) {
      MultiLayerNetwork network = distributed.getNetwork();
      NetBroadcastTuple state =
          new NetBroadcastTuple(
              network.getLayerWiseConfigurations(),
              network.params(),
              network.getUpdater().getStateViewArray());
      return new ParameterAveragingTrainingWorker(
          JavaBroadcast.of(distributed.getSparkContext(), state, NetBroadcastTuple.class),
          saveUpdater,
          new WorkerConfiguration(
              false,
              rddDataSetNumExamples,
              batchSizePerWorker,
              averagingFrequency,
              prefetchNumBatches,
              false),
          null,
          null,
          null);
    }

    @Override
    protected void processResults(
        SparkDl4jMultiLayer distributed,
        SparkComputationGraph graph,
        JavaRDD<ParameterAveragingTrainingResult> results,
        int split,
        int splits) {
      ParameterAveragingElementAddFunction add = new ParameterAveragingElementAddFunction();
      ParameterAveragingAggregationTuple sums = null;
      for (byte[] bytes : results.map(WorkerResult::bytes).collect()) {
        try {
          sums = add.call(sums, JavaBytes.read(bytes, WorkerResult.class).toDl4j());
        } catch (Exception e) {
          throw new IllegalStateException("the workers' parameters cannot be added up", e);
        }
      }
      MultiLayerNetwork network = distributed.getNetwork();
      if (sums != null && sums.getParametersSum() != null) {
        int count = sums.getAggregationsCount();
        network.setParameters(sums.getParametersSum().divi(count));
        if (sums.getUpdaterStateSum() != null) {
          network
              .getUpdater()
              .setStateViewArray(null, sums.getUpdaterStateSum().divi(count), false);
        }
        distributed.setScore(sums.getScoreSum() / count);
      }
      MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
      configuration.setIterationCount(configuration.getIterationCount() + averagingFrequency);
    }
  }

  /** What DL4J's own type holds, which does not travel. */
  private record WorkerResult(INDArray parameters, @Nullable INDArray updaterState, double score)
      implements Serializable {
    static byte[] bytes(ParameterAveragingTrainingResult result) {
      return JavaBytes.of(
          new WorkerResult(result.getParameters(), result.getUpdaterState(), result.getScore()));
    }

    ParameterAveragingTrainingResult toDl4j() {
      return new ParameterAveragingTrainingResult(
          parameters, updaterState, score, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }
}
