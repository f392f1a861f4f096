package dev.pare.opencl;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.pare.opencl.OpenCl.NoRoomException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A device's context and its one queue, in whose order everything happens. One thread at a time.
 */
final class Queue {
  private static final int CHUNK = 1 << 24;

  /** Out of device memory, of resources, of host memory; a larger buffer than there can be. */
  private static final Set<Integer> NO_ROOM = Set.of(-4, -5, -6, -61);

  private final Pointer device;
  private final Pointer context;
  private final Pointer queue;
  private final long budget;
  private final List<Buffer> live = new ArrayList<>();
  private long used;

  /** Through which numbers go to the device and back; as large as was ever needed. */
  private Memory staging = new Memory(1 << 16);

  private final Memory number = new Memory(Integer.BYTES);
  private final Memory global = new Memory(3L * Long.BYTES);
  private final Memory local = new Memory(3L * Long.BYTES);

  /**
   * @param budget bytes of the device's memory that may be taken
   */
  Queue(Pointer device, long budget) {
    this.device = device;
    this.budget = budget;
    Memory list = new Memory(Native.POINTER_SIZE);
    list.setPointer(0, device);
    int[] error = new int[1];
    this.context = OpenCl.clCreateContext(null, 1, list, null, null, error);
    OpenCl.check(error[0], "opening the device");
    this.queue = OpenCl.clCreateCommandQueue(context, device, 0, error);
    OpenCl.check(error[0], "opening a queue");
  }

  /** Memory of the device. */
  record Buffer(Pointer memory, long bytes) {}

  /**
   * Some of the device's memory, released by whoever asked for it.
   *
   * @throws NoRoomException if there is not that much left
   */
  Buffer allocate(long bytes) {
    int[] error = new int[1];
    long size = Math.max(16, bytes);
    if (size > budget - used) {
      throw new NoRoomException(
          "%,d bytes of device memory, of which %,d of %,d are left"
              .formatted(size, budget - used, budget));
    }
    Pointer memory = OpenCl.clCreateBuffer(context, OpenCl.READ_WRITE, size, null, error);
    if (NO_ROOM.contains(error[0])) {
      throw new NoRoomException("%,d bytes of device memory: error %d".formatted(size, error[0]));
    }
    OpenCl.check(error[0], "%,d bytes of device memory".formatted(size));
    Buffer buffer = new Buffer(memory, size);
    live.add(buffer);
    used += size;
    return buffer;
  }

  void release(Buffer buffer) {
    OpenCl.clReleaseMemObject(buffer.memory());
    live.remove(buffer);
    used -= buffer.bytes();
  }

  /** Something that is made whole: if that fails, all memory that it took is released. */
  <T> T whole(Supplier<T> maker) {
    int before = live.size();
    try {
      return maker.get();
    } catch (RuntimeException | Error e) {
      while (live.size() > before) {
        release(live.get(live.size() - 1));
      }
      throw e;
    }
  }

  Buffer allocate(float[] values) {
    Buffer buffer = allocate((long) values.length * Float.BYTES);
    write(buffer, 0, values, values.length);
    return buffer;
  }

  Buffer allocate(int[] values) {
    Buffer buffer = allocate((long) values.length * Integer.BYTES);
    write(buffer, 0, values, values.length);
    return buffer;
  }

  private Memory staging(long bytes) {
    if (staging.size() < bytes) {
      staging = new Memory(bytes);
    }
    return staging;
  }

  /** Copies some values into memory that the device reads from. */
  @FunctionalInterface
  private interface Values {
    void copy(Memory room, int from, int count);
  }

  /** Writes the first values to a place that is counted in bytes. */
  void write(Buffer to, long offset, float[] values, int count) {
    write(to, offset, count, Float.BYTES, (room, from, some) -> room.write(0, values, from, some));
  }

  void write(Buffer to, long offset, int[] values, int count) {
    write(
        to, offset, count, Integer.BYTES, (room, from, some) -> room.write(0, values, from, some));
  }

  private void write(Buffer to, long offset, int count, int each, Values values) {
    for (int from = 0; from < count; from += CHUNK) {
      int some = Math.min(CHUNK, count - from);
      Memory room = staging((long) some * each);
      values.copy(room, from, some);
      OpenCl.write(queue, to.memory(), offset + (long) from * each, room, (long) some * each);
    }
  }

  void write(Buffer to, long offset, byte[] values, int count) {
    write(to, offset, count, Byte.BYTES, (room, from, some) -> room.write(0, values, from, some));
  }

  /** Zeros from a place on. */
  void clear(Buffer to, long offset, int bytes) {
    Memory room = staging(bytes);
    room.clear(bytes);
    OpenCl.write(queue, to.memory(), offset, room, bytes);
  }

  /** Reads the first values from a place that is counted in bytes; waits for all before. */
  void read(Buffer from, long offset, float[] values, int count) {
    long bytes = (long) count * Float.BYTES;
    Memory room = staging(bytes);
    OpenCl.read(queue, from.memory(), offset, room, bytes);
    room.read(0, values, 0, count);
  }

  void copy(Buffer from, Buffer to) {
    OpenCl.check(
        OpenCl.clEnqueueCopyBuffer(
            queue,
            from.memory(),
            to.memory(),
            0,
            0,
            Math.min(from.bytes(), to.bytes()),
            0,
            null,
            null),
        "copying on the device");
  }

  /** A program's kernels. */
  Map<String, Pointer> build(NetworkProgram program) {
    Pointer built = OpenCl.build(context, device, program.source());
    Map<String, Pointer> kernels = new HashMap<>();
    try {
      int[] error = new int[1];
      for (String name : program.kernels()) {
        Pointer kernel = OpenCl.clCreateKernel(built, name, error);
        OpenCl.check(error[0], "kernel " + name);
        kernels.put(name, kernel);
      }
      return kernels;
    } catch (RuntimeException | Error e) {
      kernels.values().forEach(OpenCl::clReleaseKernel);
      throw e;
    } finally {
      OpenCl.clReleaseProgram(built);
    }
  }

  void argument(Pointer kernel, int index, Buffer buffer) {
    Memory value = new Memory(Native.POINTER_SIZE);
    value.setPointer(0, buffer.memory());
    OpenCl.check(
        OpenCl.clSetKernelArg(kernel, index, Native.POINTER_SIZE, value), "argument " + index);
  }

  void argument(Pointer kernel, int index, int value) {
    number.setInt(0, value);
    OpenCl.check(OpenCl.clSetKernelArg(kernel, index, Integer.BYTES, number), "argument " + index);
  }

  /** Has a kernel run for some students after all that was asked for before. */
  void run(NetworkProgram.Launch launch, Pointer kernel, int students) {
    boolean flat = launch.first() == 0;
    global.setLong(0, flat ? students : launch.first());
    global.setLong(Long.BYTES, flat ? 1 : launch.second() == 0 ? students : launch.second());
    global.setLong(2L * Long.BYTES, launch.second() == 0 ? 1 : students * launch.third());
    local.setLong(0, launch.items());
    local.setLong(Long.BYTES, 1);
    local.setLong(2L * Long.BYTES, 1);
    OpenCl.check(
        OpenCl.clEnqueueNDRangeKernel(queue, kernel, 3, null, global, local, 0, null, null),
        "kernel " + launch.kernel());
  }

  /** Waits until all is done. */
  void finish() {
    OpenCl.check(OpenCl.clFinish(queue), "the device");
  }

  /** Gives all back; what fails is lost already. */
  void close() {
    live.forEach(buffer -> OpenCl.clReleaseMemObject(buffer.memory()));
    live.clear();
    OpenCl.clReleaseCommandQueue(queue);
    OpenCl.clReleaseContext(context);
  }
}
