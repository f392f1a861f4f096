package dev.pare.run;

import dev.pare.data.DataException;
import dev.pare.train.Devices;
import org.apache.spark.api.java.JavaSparkContext;

/** Whether there is what is to train, before a sweep begins. */
final class EngineCheck {
  private EngineCheck() {}

  /**
   * Looks for an engine's devices where tasks run in this JVM: executors elsewhere alone know what
   * they have.
   *
   * @throws DataException if there are none
   */
  static void check(JavaSparkContext spark, String engine) {
    if (spark.isLocal() && !engine.equals(Devices.CPU)) {
      Devices.kind(engine)
          .missing()
          .ifPresent(
              missing -> {
                throw new DataException("sweep.engine = " + engine + ": " + missing);
              });
    }
  }
}
