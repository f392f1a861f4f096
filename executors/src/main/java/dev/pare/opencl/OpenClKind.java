package dev.pare.opencl;

import com.sun.jna.Pointer;
import dev.pare.train.DeviceFailureException;
import dev.pare.train.DeviceKind;
import dev.pare.train.TrainingDevice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** OpenCL's devices: GPUs, or where there are none whatever runs kernels. */
public final class OpenClKind implements DeviceKind {
  private static final Map<Integer, OpenClDevice> OPEN = new HashMap<>();

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public Optional<String> missing() {
    String missing = OpenCl.missing();
    if (missing != null) {
      return Optional.of(missing);
    }
    return devices().isEmpty()
        ? Optional.of("no driver of an OpenCL device is registered on this machine")
        : Optional.empty();
  }

  @Override
  public int count() {
    return OpenCl.missing() == null ? devices().size() : 0;
  }

  private static List<Pointer> devices() {
    List<Pointer> gpus = OpenCl.devices(OpenCl.GPU);
    return gpus.isEmpty() ? OpenCl.devices(OpenCl.ANY_DEVICE) : gpus;
  }

  @Override
  public TrainingDevice device(int index) {
    missing()
        .ifPresent(
            missing -> {
              throw new DeviceFailureException(missing);
            });
    synchronized (OPEN) {
      List<Pointer> all = devices();
      if (index < 0 || index >= all.size()) {
        throw new DeviceFailureException(
            "OpenCL device " + index + ": there are " + all.size() + " here, counted from 0");
      }
      return OPEN.computeIfAbsent(index, i -> new OpenClDevice(all.get(i)));
    }
  }
}
