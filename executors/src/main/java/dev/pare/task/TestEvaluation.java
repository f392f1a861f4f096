package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Metric;
import dev.pare.data.DataForm;
import dev.pare.data.DataSettings;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.ProductDigest;
import dev.pare.pipeline.StoredNetworks;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What a file of the frontier does on the test examples: for the report, never for a choice. From
 * {@link JavaBytes} of the file's {@link ProductDigest} to those of an {@link Evaluation}: what is
 * tested is what was published, whatever lies in the store by now.
 */
public final class TestEvaluation implements Function<byte[], byte[]> {
  private static final long serialVersionUID = 1;

  private final DataSettings data;
  private final DataForm form;
  private final String digest;
  private final String store;
  private final Metric metric;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * @param form of the training data
   * @param digest of the test files as the driver read them; an executor that reads others fails
   * @param store the folder of the stage store
   */
  public TestEvaluation(
      DataSettings data,
      DataForm form,
      String digest,
      String store,
      Metric metric,
      Broadcast<SerializableConfiguration> hadoop) {
    this.data = requireNonNull(data, "data is null");
    this.form = requireNonNull(form, "form is null");
    this.digest = requireNonNull(digest, "digest is null");
    this.store = requireNonNull(store, "store is null");
    this.metric = requireNonNull(metric, "metric is null");
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
  }

  @Override
  public byte[] call(byte[] file) {
    ProductDigest product = JavaBytes.read(file, ProductDigest.class);
    Configuration configuration = hadoop.value().value();
    CompressedNetwork network =
        new StoredNetworks(new HadoopStageStore(store, configuration))
            .network(product, ExecutorResources.cache(configuration))
            .network();
    Examples test = ExecutorResources.test(data, digest, form, configuration);
    return JavaBytes.of(Evaluator.evaluation(network, test, metric));
  }
}
