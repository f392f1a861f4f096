package dev.pare.task;

import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The GPU that Spark's scheduler gave a task. Spark gives one only where {@code
 * spark.task.resource.gpu.amount} is set, as in conf/spark-gpu.conf.
 */
final class TaskDevice {
  private static final String RESOURCE = "gpu";

  private TaskDevice() {}

  /**
   * Has ND4J use the task's device in this thread; does nothing if Spark gave it none.
   *
   * @throws DeviceException if ND4J cannot use it
   */
  static void use() {
    TaskContext context = TaskContext.get();
    ResourceInformation gpu = context == null ? null : context.resourcesJMap().get(RESOURCE);
    if (gpu == null) {
      return;
    }
    AffinityManager devices = Nd4j.getAffinityManager();
    boolean cuda = !Nd4j.getBackend().getEnvironment().isCPU();
    devices.unsafeSetDevice(index(gpu.addresses(), cuda, devices.getNumberOfDevices()));
  }

  /**
   * The number that CUDA knows a task's first device by.
   *
   * @param addresses as the discovery script printed them
   * @param cuda whether ND4J runs on CUDA
   * @param devices how many of them CUDA sees
   */
  static int index(String[] addresses, boolean cuda, int devices) {
    String given = "Spark gave this task GPU " + String.join(", ", addresses) + ", but ";
    if (!cuda) {
      throw new DeviceException(
          given
              + "ND4J runs on the CPU: pare.jar must be built with -Pcuda, and the machine needs"
              + " NVIDIA's driver, CUDA 11.6 and cuDNN 8.3");
    }
    if (addresses.length == 0 || !addresses[0].matches("\\d{1,4}")) {
      throw new DeviceException(
          given + "its address is no device's number: deploy/bin/gpus prints those");
    }
    int index = Integer.parseInt(addresses[0]);
    if (index >= devices) {
      throw new DeviceException(
          given
              + ("CUDA sees " + devices + " here, counted from 0: CUDA_VISIBLE_DEVICES and the")
              + " discovery script must agree");
    }
    return index;
  }
}
