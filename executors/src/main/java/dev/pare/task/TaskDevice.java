package dev.pare.task;

import dev.pare.train.DeviceFailureException;
import dev.pare.train.Devices;
import dev.pare.train.TrainingDevice;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;

/**
 * The device that a task trains on: the GPU that Spark's scheduler gave it, or the machine's first
 * one. Spark gives one only where {@code spark.task.resource.gpu.amount} is set, as in
 * conf/spark-gpu.conf.
 */
final class TaskDevice {
  private static final String RESOURCE = "gpu";

  private TaskDevice() {}

  /**
   * A task's device.
   *
   * @param engine {@link Devices#CPU} or a kind of device
   * @return null for the processor
   * @throws DeviceFailureException if there is none here
   */
  static @Nullable TrainingDevice of(String engine) {
    if (engine.equals(Devices.CPU)) {
      return null;
    }
    TaskContext context = TaskContext.get();
    ResourceInformation gpu = context == null ? null : context.resourcesJMap().get(RESOURCE);
    return Devices.kind(engine).device(gpu == null ? 0 : index(gpu.addresses()));
  }

  /**
   * The number of a task's first device.
   *
   * @param addresses as the discovery script printed them
   */
  static int index(String[] addresses) {
    if (addresses.length == 0 || !addresses[0].matches("\\d{1,4}")) {
      throw new DeviceFailureException(
          "Spark gave this task GPU "
              + String.join(", ", addresses)
              + ", which is no device's number: deploy/bin/gpus prints those");
    }
    return Integer.parseInt(addresses[0]);
  }
}
