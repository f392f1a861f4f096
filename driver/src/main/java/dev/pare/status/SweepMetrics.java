package dev.pare.status;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.pare.candidate.StageSettings;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;

/**
 * A sweep's state among Spark's metrics, for whatever sink is configured: gauges of the driver
 * under {@code pare}.
 */
public final class SweepMetrics implements Source, AutoCloseable {
  private final MetricRegistry registry = new MetricRegistry();
  private final Supplier<SweepStatus> status;

  private SweepMetrics(Supplier<SweepStatus> status) {
    this.status = status;
    gauge("candidates.total", SweepStatus::candidates);
    gauge("candidates.done", SweepStatus::done);
    gauge("candidates.failed", SweepStatus::failed);
    gauge("stages.total", SweepStatus::stages);
    gauge("stages.done", SweepStatus::stagesDone);
    gauge("frontier.size", SweepStatus::frontier);
    gauge("frontier.hypervolume", SweepStatus::hypervolume);
    gauge("seconds.left", now -> now.secondsLeft() == null ? Double.NaN : now.secondsLeft());
    for (StageSettings.Kind kind : StageSettings.Kind.values()) {
      String name = SweepCounters.name(kind);
      gauge("stage.seconds." + name, now -> now.stageSeconds().getOrDefault(name, 0.0));
    }
  }

  /** Registers a sweep with the metrics of the Spark of this JVM, until it is closed. */
  public static SweepMetrics register(Supplier<SweepStatus> status) {
    SweepMetrics metrics = new SweepMetrics(status);
    SparkEnv.get().metricsSystem().registerSource(metrics);
    return metrics;
  }

  private void gauge(String name, Function<SweepStatus, Number> value) {
    registry.register(name, (Gauge<Number>) () -> value.apply(status.get()));
  }

  @Override
  public String sourceName() {
    return "pare";
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  @Override
  public void close() {
    SparkEnv spark = SparkEnv.get();
    // None is left where Spark was stopped meanwhile.
    if (spark != null) {
      spark.metricsSystem().removeSource(this);
    }
  }
}
