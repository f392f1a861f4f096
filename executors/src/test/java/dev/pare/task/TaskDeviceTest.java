package dev.pare.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.train.DeviceFailureException;
import dev.pare.train.DeviceKind;
import dev.pare.train.Devices;
import java.util.Properties;
import org.apache.spark.TaskContext$;
import org.apache.spark.TaskContextImpl;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.immutable.Map;

class TaskDeviceTest {
  @AfterEach
  void endTask() {
    TaskContext$.MODULE$.unset();
  }

  /** As in a task that Spark gave this GPU. */
  private static void startTask(String address) {
    Map<String, ResourceInformation> resources =
        new Map.Map1<>("gpu", new ResourceInformation("gpu", new String[] {address}));
    TaskContext$.MODULE$.setTaskContext(
        new TaskContextImpl(0, 0, 0, 0, 0, 1, null, new Properties(), null, null, 1, resources));
  }

  @Test
  void theProcessorIsNoDevice() {
    startTask("0");
    assertThat(TaskDevice.of("cpu")).isNull();
  }

  @Test
  void aTaskUsesTheDeviceThatSparkGaveIt() {
    DeviceKind kind = Devices.kind("opencl");
    assumeTrue(kind.missing().isEmpty(), () -> kind.missing().orElseThrow());
    assertThat(TaskDevice.of("opencl")).isSameAs(kind.device(0));
    startTask("0");
    assertThat(TaskDevice.of("opencl")).isSameAs(kind.device(0));
    startTask("999");
    assertThatExceptionOfType(DeviceFailureException.class)
        .isThrownBy(() -> TaskDevice.of("opencl"))
        .withMessageStartingWith("OpenCL device 999: there are ");
  }

  @Test
  void anotherEngineIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskDevice.of("cuda"))
        .withMessage("engine = cuda: must be one of opencl");
  }

  @Test
  void theFirstAddressIsTheDevice() {
    assertThat(TaskDevice.index(new String[] {"2", "0"})).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "GPU-8f6d", "0x1", ""})
  void whatIsNoNumberIsAnError(String address) {
    assertThatExceptionOfType(DeviceFailureException.class)
        .isThrownBy(() -> TaskDevice.index(new String[] {address}))
        .withMessageContaining("GPU " + address + ", which is no device's number");
  }
}
