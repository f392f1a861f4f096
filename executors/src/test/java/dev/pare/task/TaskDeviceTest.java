package dev.pare.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Properties;
import org.apache.spark.TaskContext$;
import org.apache.spark.TaskContextImpl;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.collection.immutable.Map;
import scala.collection.immutable.Map$;

class TaskDeviceTest {
  @AfterEach
  void endTask() {
    TaskContext$.MODULE$.unset();
  }

  /** As in a task that Spark gave these. */
  private static void startTask(Map<String, ResourceInformation> resources) {
    TaskContext$.MODULE$.setTaskContext(
        new TaskContextImpl(0, 0, 0, 0, 0, 1, null, new Properties(), null, null, 1, resources));
  }

  private static Map<String, ResourceInformation> none() {
    return Map$.MODULE$.<String, ResourceInformation>empty();
  }

  @Test
  void withoutATaskOrADeviceNothingHappens() {
    assertThatCode(TaskDevice::use).doesNotThrowAnyException();
    startTask(none());
    assertThatCode(TaskDevice::use).doesNotThrowAnyException();
  }

  @Test
  void aDeviceThatAJarForProcessorsGetsIsAnError() {
    startTask(none().updated("gpu", new ResourceInformation("gpu", new String[] {"1"})));

    assertThatExceptionOfType(DeviceException.class)
        .isThrownBy(TaskDevice::use)
        .withMessageStartingWith("Spark gave this task GPU 1, but ND4J runs on the CPU")
        .withMessageContaining("-Pcuda");
  }

  @Test
  void theFirstAddressIsTheDevice() {
    assertThat(TaskDevice.index(new String[] {"2", "0"}, true, 3)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "3, CUDA sees 3 here",
    "-1, no device's number",
    "GPU-8f6d, no device's number",
    "0x1, no device's"
  })
  void whatCudaDoesNotHaveIsAnError(String address, String message) {
    assertThatExceptionOfType(DeviceException.class)
        .isThrownBy(() -> TaskDevice.index(new String[] {address}, true, 3))
        .withMessageContaining("GPU " + address)
        .withMessageContaining(message);
  }
}
