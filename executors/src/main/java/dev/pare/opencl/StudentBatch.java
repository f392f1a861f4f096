package dev.pare.opencl;

import static java.util.Objects.requireNonNull;

import com.sun.jna.Pointer;
import dev.pare.opencl.NetworkProgram.Launch;
import dev.pare.opencl.Queue.Buffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Students of one architecture that learn from the same examples, one computation: each has a place
 * in common buffers, and comes and goes as it likes.
 */
final class StudentBatch {
  private static final int SETTINGS = 8;

  private final Queue queue;
  private final NetworkProgram program;
  private final Map<String, Pointer> kernels;
  private final DeviceExamples examples;
  private final Buffer teacher;
  private final Buffer kinds;
  private final int batch;
  private final BitSet taken = new BitSet();
  private final Map<Student, Integer> places = new HashMap<>();
  private int capacity;
  private Map<Part, Buffer> buffers = new EnumMap<>(Part.class);

  /** What each student has its part of, in the order of the kernels' arguments. */
  private enum Part {
    INDICES,
    STUDENTS,
    FIRST_STEPS,
    RATES,
    SETTINGS,
    PARAMETERS,
    GRADIENT,
    VARIABLES,
    FIRST,
    SECOND,
    FLAGS,
    SOURCES,
    MEMBERS,
    VALUES,
    ERRORS,
    PARTS,
    LOSSES
  }

  /**
   * @param teacher what it says of the examples, {@code [examples × outputs]}
   */
  StudentBatch(
      Queue queue,
      NetworkProgram program,
      DeviceExamples examples,
      float @Nullable [] teacher,
      Student first) {
    this.queue = queue;
    this.program = program;
    this.examples = examples;
    this.batch = first.run().batch();
    this.teacher = teacher == null ? queue.allocate(0) : queue.allocate(teacher);
    this.kinds = queue.allocate(first.kinds());
    this.kernels = queue.build(program);
  }

  boolean has(Student student) {
    return places.containsKey(student);
  }

  boolean isEmpty() {
    return taken.isEmpty();
  }

  private long bytes(Part part) {
    long pitch = program.pitch();
    long window = NetworkProgram.WINDOW;
    return switch (part) {
      case INDICES -> window * batch * Integer.BYTES;
      case STUDENTS, FIRST_STEPS -> Integer.BYTES;
      case RATES -> window * 4 * Float.BYTES;
      case SETTINGS -> (long) SETTINGS * Float.BYTES;
      case PARAMETERS, GRADIENT, VARIABLES, FIRST, SECOND -> pitch * Float.BYTES;
      case FLAGS -> pitch;
      case SOURCES -> pitch * Integer.BYTES;
      case MEMBERS -> (2 * pitch + 1) * Integer.BYTES;
      case VALUES, ERRORS -> (long) program.values() * Float.BYTES;
      case PARTS -> (long) program.parts() * Float.BYTES;
      case LOSSES -> window * Float.BYTES;
    };
  }

  /** Whether it must be there when there is room for more students. */
  private static boolean isKept(Part part) {
    return switch (part) {
      case STUDENTS, FIRST_STEPS, GRADIENT, VALUES, ERRORS, PARTS -> false;
      default -> true;
    };
  }

  private void grow(int more) {
    Map<Part, Buffer> larger = queue.whole(() -> moved(more));
    buffers.values().forEach(queue::release);
    buffers = larger;
    capacity = more;
    for (Pointer kernel : kernels.values()) {
      int i = 0;
      for (Buffer buffer : arguments()) {
        queue.argument(kernel, i++, buffer);
      }
    }
  }

  /** Buffers for more students, with what there is of those that are here. */
  private Map<Part, Buffer> moved(int more) {
    Map<Part, Buffer> larger = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      Buffer buffer = queue.allocate(more * bytes(part));
      larger.put(part, buffer);
      if (capacity > 0 && isKept(part)) {
        queue.copy(buffer(part), buffer);
      }
    }
    queue.finish();
    return larger;
  }

  private List<Buffer> arguments() {
    List<Buffer> all = new ArrayList<>();
    all.add(examples.features());
    all.add(examples.labels());
    all.add(examples.targets());
    all.add(examples.classWeights());
    all.add(teacher);
    for (Part part : Part.values()) {
      all.add(buffer(part));
      if (part == Part.MEMBERS) {
        all.add(kinds);
      }
    }
    return all;
  }

  private Buffer buffer(Part part) {
    return requireNonNull(buffers.get(part));
  }

  /** Gives a new student a place, and takes what is new of any. A new one that fails has none. */
  void admit(Stretch stretch) {
    if (!stretch.starts()) {
      take(stretch);
      return;
    }
    int place = taken.nextClearBit(0);
    if (place == capacity) {
      grow(capacity == 0 ? 1 : 2 * capacity);
    }
    taken.set(place);
    places.put(stretch.student(), place);
    try {
      start(stretch.student(), place);
      take(stretch);
    } catch (RuntimeException | Error e) {
      dismiss(stretch.student());
      throw e;
    }
  }

  private void take(Stretch stretch) {
    Student student = stretch.student();
    int place = place(student);
    if (stretch.changed()) {
      Part part = variables(student);
      float[] values = student.variables();
      queue.write(buffer(part), place * bytes(part), values, values.length);
      byte[] flags = student.flags();
      queue.write(buffer(Part.FLAGS), place * bytes(Part.FLAGS), flags, flags.length);
    }
    int[] indices = stretch.indices();
    queue.write(buffer(Part.INDICES), place * bytes(Part.INDICES), indices, indices.length);
    float[] rates = stretch.rates();
    queue.write(buffer(Part.RATES), place * bytes(Part.RATES), rates, rates.length);
  }

  private static Part variables(Student student) {
    return student.isShared() ? Part.VARIABLES : Part.PARAMETERS;
  }

  private void start(Student student, int place) {
    float[] settings = student.settings();
    queue.write(buffer(Part.SETTINGS), place * bytes(Part.SETTINGS), settings, settings.length);
    queue.clear(buffer(Part.FIRST), place * bytes(Part.FIRST), (int) bytes(Part.FIRST));
    queue.clear(buffer(Part.SECOND), place * bytes(Part.SECOND), (int) bytes(Part.SECOND));
    if (student.isShared()) {
      float[] own = student.parameters();
      queue.write(buffer(Part.PARAMETERS), place * bytes(Part.PARAMETERS), own, own.length);
      int[] sources = student.sources();
      queue.write(buffer(Part.SOURCES), place * bytes(Part.SOURCES), sources, sources.length);
      int[] members = student.members(program.pitch());
      queue.write(buffer(Part.MEMBERS), place * bytes(Part.MEMBERS), members, members.length);
    }
  }

  private int place(Student student) {
    Integer place = places.get(student);
    if (place == null) {
      throw new IllegalStateException("a student that is not in the batch");
    }
    return place;
  }

  /** Takes some steps of each of these. */
  void step(List<Stretch> stretches, int steps) {
    int most = program.mostStudents();
    for (int from = 0; from < stretches.size(); from += most) {
      stepAtOnce(stretches.subList(from, Math.min(stretches.size(), from + most)), steps);
    }
  }

  private void stepAtOnce(List<Stretch> stretches, int steps) {
    int[] students = new int[stretches.size()];
    int[] first = new int[capacity];
    int variables = 0;
    for (int i = 0; i < students.length; i++) {
      Stretch stretch = stretches.get(i);
      students[i] = place(stretch.student());
      first[students[i]] = stretch.taken();
      if (stretch.student().isShared()) {
        variables = Math.max(variables, stretch.student().variables().length);
      }
    }
    queue.write(buffer(Part.STUDENTS), 0, students, students.length);
    queue.write(buffer(Part.FIRST_STEPS), 0, first, first.length);
    List<Launch> launches = program.launches(variables);
    int round = arguments().size();
    for (int step = 0; step < steps; step++) {
      for (Launch launch : launches) {
        Pointer kernel = requireNonNull(kernels.get(launch.kernel()), launch.kernel());
        queue.argument(kernel, round, step);
        queue.run(launch, kernel, students.length);
      }
    }
    for (Stretch stretch : stretches) {
      stretch.take(steps);
      if (stretch.left() == 0) {
        long at = place(stretch.student()) * bytes(Part.LOSSES);
        queue.read(buffer(Part.LOSSES), at, stretch.losses(), stretch.losses().length);
        if (stretch.wanted()) {
          Part part = variables(stretch.student());
          float[] values = stretch.student().variables();
          long own = place(stretch.student()) * bytes(part);
          queue.read(buffer(part), own, values, values.length);
        }
      }
    }
    queue.finish();
  }

  /** Gives up a student's place, if it has one. */
  void dismiss(Student student) {
    Integer place = places.remove(student);
    if (place != null) {
      taken.clear(place);
    }
  }

  void release() {
    releaseKernels();
    buffers.values().forEach(queue::release);
    buffers.clear();
    capacity = 0;
    queue.release(teacher);
    queue.release(kinds);
  }

  void releaseKernels() {
    kernels.values().forEach(OpenCl::clReleaseKernel);
  }
}
