package dev.pare.opencl;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.pare.train.DeviceFailureException;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The functions of OpenCL 1.2 that training needs, of the machine's own loader. Looked for when it
 * is first asked for, never otherwise.
 *
 * @see <a href="https://registry.khronos.org/OpenCL/specs/opencl-1.2.pdf">The OpenCL specification,
 *     version 1.2</a>
 */
final class OpenCl {
  static final long GPU = 1 << 2;
  static final long ANY_DEVICE = 0xFFFF_FFFFL;
  static final int DEVICE_NAME = 0x102B;
  static final int DRIVER_VERSION = 0x102D;
  static final int GLOBAL_MEMORY = 0x101F;
  static final int READ_WRITE = 1;

  private static final int BUILD_LOG = 0x1183;
  private static final int TRUE = 1;

  /** Names of the loader, as Linux, Windows and macOS have it. */
  private static final List<String> LIBRARIES = List.of("libOpenCL.so.1", "OpenCL");

  private static @Nullable String missing;
  private static boolean isBound;

  /** What is asked for does not fit beside what is there. */
  static final class NoRoomException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoRoomException(String message) {
      super(message);
    }
  }

  private OpenCl() {}

  /** Why there is no OpenCL here; null if there is. */
  static synchronized @Nullable String missing() {
    if (!isBound && missing == null) {
      StringBuilder tried = new StringBuilder();
      for (String library : LIBRARIES) {
        try {
          Native.register(OpenCl.class, NativeLibrary.getInstance(library));
          isBound = true;
          return null;
        } catch (UnsatisfiedLinkError e) {
          tried.append(tried.isEmpty() ? "" : ", ").append(library);
        }
      }
      missing = "no OpenCL loader on this machine (" + tried + ")";
    }
    return missing;
  }

  static native int clGetPlatformIDs(int most, @Nullable Pointer platforms, int[] count);

  static native int clGetDeviceIDs(
      Pointer platform, long type, int most, @Nullable Pointer devices, int @Nullable [] count);

  static native int clGetDeviceInfo(
      Pointer device, int name, long size, Pointer value, @Nullable Pointer length);

  static native Pointer clCreateContext(
      @Nullable Pointer properties,
      int count,
      Pointer devices,
      @Nullable Pointer callback,
      @Nullable Pointer user,
      int[] error);

  static native Pointer clCreateCommandQueue(
      Pointer context, Pointer device, long properties, int[] error);

  static native Pointer clCreateBuffer(
      Pointer context, long flags, long size, @Nullable Pointer host, int[] error);

  static native int clReleaseMemObject(Pointer buffer);

  static native int clEnqueueWriteBuffer(
      Pointer queue,
      Pointer buffer,
      int blocking,
      long offset,
      long size,
      Pointer from,
      int waits,
      @Nullable Pointer waitList,
      @Nullable Pointer event);

  static native int clEnqueueReadBuffer(
      Pointer queue,
      Pointer buffer,
      int blocking,
      long offset,
      long size,
      Pointer to,
      int waits,
      @Nullable Pointer waitList,
      @Nullable Pointer event);

  static native int clEnqueueCopyBuffer(
      Pointer queue,
      Pointer from,
      Pointer to,
      long fromOffset,
      long toOffset,
      long size,
      int waits,
      @Nullable Pointer waitList,
      @Nullable Pointer event);

  static native Pointer clCreateProgramWithSource(
      Pointer context, int count, Pointer sources, @Nullable Pointer lengths, int[] error);

  static native int clBuildProgram(
      Pointer program,
      int devices,
      @Nullable Pointer list,
      String options,
      @Nullable Pointer callback,
      @Nullable Pointer user);

  static native int clGetProgramBuildInfo(
      Pointer program, Pointer device, int name, long size, Pointer value, Pointer length);

  static native Pointer clCreateKernel(Pointer program, String name, int[] error);

  static native int clSetKernelArg(Pointer kernel, int index, long size, Pointer value);

  static native int clEnqueueNDRangeKernel(
      Pointer queue,
      Pointer kernel,
      int dimensions,
      @Nullable Pointer offset,
      Pointer global,
      Pointer local,
      int waits,
      @Nullable Pointer waitList,
      @Nullable Pointer event);

  static native int clFinish(Pointer queue);

  static native int clReleaseKernel(Pointer kernel);

  static native int clReleaseProgram(Pointer program);

  static native int clReleaseCommandQueue(Pointer queue);

  static native int clReleaseContext(Pointer context);

  /** Blocking transfers, so that what they read or write may change afterwards. */
  static void write(Pointer queue, Pointer buffer, long offset, Memory from, long size) {
    check(
        clEnqueueWriteBuffer(queue, buffer, TRUE, offset, size, from, 0, null, null),
        "copying to the device");
  }

  static void read(Pointer queue, Pointer buffer, long offset, Memory to, long size) {
    check(
        clEnqueueReadBuffer(queue, buffer, TRUE, offset, size, to, 0, null, null),
        "copying from the device");
  }

  /**
   * Throws if a function has failed.
   *
   * @throws DeviceFailureException saying what it was about
   */
  static void check(int code, String what) {
    if (code != 0) {
      throw new DeviceFailureException("OpenCL: " + what + ": error " + code);
    }
  }

  /** All devices of a type, platform by platform. */
  static List<Pointer> devices(long type) {
    int[] count = new int[1];
    // Loaders say -1001 where no driver is registered.
    if (clGetPlatformIDs(0, null, count) != 0 || count[0] == 0) {
      return List.of();
    }
    Memory platforms = new Memory((long) Native.POINTER_SIZE * count[0]);
    check(clGetPlatformIDs(count[0], platforms, count), "listing platforms");
    List<Pointer> all = new ArrayList<>();
    for (Pointer platform : platforms.getPointerArray(0, count[0])) {
      int[] devices = new int[1];
      if (clGetDeviceIDs(platform, type, 0, null, devices) == 0 && devices[0] > 0) {
        Memory list = new Memory((long) Native.POINTER_SIZE * devices[0]);
        check(clGetDeviceIDs(platform, type, devices[0], list, null), "listing devices");
        all.addAll(List.of(list.getPointerArray(0, devices[0])));
      }
    }
    return all;
  }

  /** What a device says of itself in words. */
  static String text(Pointer device, int name) {
    Memory value = new Memory(1024);
    value.clear();
    check(clGetDeviceInfo(device, name, value.size(), value, null), "asking a device");
    return value.getString(0).strip();
  }

  /** What a device says of itself as a number. */
  static long number(Pointer device, int name) {
    Memory value = new Memory(Long.BYTES);
    check(clGetDeviceInfo(device, name, value.size(), value, null), "asking a device");
    return value.getLong(0);
  }

  /** A program, built. */
  static Pointer build(Pointer context, Pointer device, String source) {
    Memory text = new Memory(source.length() + 1L);
    text.setString(0, source, "US-ASCII");
    Memory sources = new Memory(Native.POINTER_SIZE);
    sources.setPointer(0, text);
    int[] error = new int[1];
    Pointer program;
    try {
      program = clCreateProgramWithSource(context, 1, sources, null, error);
    } finally {
      // The address alone was copied.
      Reference.reachabilityFence(text);
    }
    check(error[0], "making a program");
    int code = clBuildProgram(program, 0, null, "-cl-std=CL1.2", null, null);
    if (code != 0) {
      Memory log = new Memory(1 << 16);
      log.clear();
      clGetProgramBuildInfo(
          program, device, BUILD_LOG, log.size() - 1, log, new Memory(Native.POINTER_SIZE));
      clReleaseProgram(program);
      throw new DeviceFailureException("OpenCL: the kernels do not compile: " + log.getString(0));
    }
    return program;
  }
}
