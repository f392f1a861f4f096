package dev.pare.opencl;

import com.sun.jna.Pointer;
import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Averaging;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.opencl.OpenCl.NoRoomException;
import dev.pare.train.AdamCorrections;
import dev.pare.train.BatchOrder;
import dev.pare.train.DeviceFailureException;
import dev.pare.train.TrainableParameters;
import dev.pare.train.TrainingDevice;
import dev.pare.train.TrainingRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A device that trains whatever students threads bring, those that fit together at once. One thread
 * of its own speaks to the device: in each round it takes some steps of all students that have any
 * left. Between rounds students come and go.
 */
final class OpenClDevice implements TrainingDevice {
  /** Steps of a round: few enough that nobody waits long to join. */
  private static final int ROUND = 32;

  /** Batches that are kept though they have no students: others may come. */
  private static final int MOST_IDLE = 4;

  /** Of a device's memory: the rest is for kernels, and for others. */
  private static final double SHARE = 0.8;

  private static final long MOST_SHARED = 1 << 24;

  private final Pointer device;
  private final long budget;
  private final String description;
  private final BlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();

  /** Those that were joined last are last. */
  private final Map<Key, StudentBatch> batches = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<Examples, DeviceExamples> examples = new HashMap<>();
  private final List<Stretch> running = new ArrayList<>();
  private final List<Stretch> waiting = new ArrayList<>();
  private @Nullable Queue queue;

  /** What students have in common that are trained together. */
  private record Key(
      Architecture architecture, int batch, Examples examples, @Nullable Same teacher) {
    static Key of(Student student) {
      TrainingRun run = student.run();
      float[] teacher = student.loss().teacher();
      return new Key(
          run.architecture(),
          run.batch(),
          run.examples(),
          teacher == null ? null : new Same(teacher));
    }
  }

  /** An object, equal to itself alone. */
  private static final class Same {
    private final Object object;

    Same(Object object) {
      this.object = object;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Same same && same.object == object;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(object);
    }
  }

  OpenClDevice(Pointer device) {
    this(device, (long) (SHARE * OpenCl.number(device, OpenCl.GLOBAL_MEMORY)));
  }

  /**
   * @param budget bytes of its memory that may be taken
   */
  OpenClDevice(Pointer device, long budget) {
    this.device = device;
    this.budget = budget;
    this.description =
        OpenCl.text(device, OpenCl.DEVICE_NAME)
            + ", driver "
            + OpenCl.text(device, OpenCl.DRIVER_VERSION);
    Thread thread = new Thread(this::serve, "pare-opencl");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Optional<String> refusal(TrainingRun run) {
    if (run.loss().terms().isEmpty()) {
      return Optional.of("there is no kernel for the loss");
    }
    if (run.settings().averaging().kind() != Averaging.Kind.NONE) {
      return Optional.of("weights are averaged");
    }
    if (run.settings().adversarial().method() != Adversarial.Method.NONE) {
      return Optional.of("inputs are made by attacks on the student");
    }
    if (run.schedule().next(0, run.steps()).isEmpty()) {
      return Optional.of("the training schedule changes weights or masks between steps");
    }
    Optional<int[]> sources = run.variables().sources();
    if (sources.isEmpty()) {
      return Optional.of("weights are a function of other trainable parameters");
    }
    int variables = run.variables().values().length;
    boolean shared = variables != sources.get().length;
    boolean penalties =
        run.variables().ranges().stream()
            .anyMatch(range -> range.kind() == TrainableParameters.Kind.WEIGHTS);
    if (shared && (penalties || variables > sources.get().length || variables > MOST_SHARED)) {
      return Optional.of("there is no kernel for this form of weight sharing");
    }
    return NetworkProgram.refusal(run.architecture(), run.batch());
  }

  @Override
  public void train(TrainingRun run) {
    Student student = new Student(run);
    BatchOrder order = run.order();
    AdamCorrections corrections = new AdamCorrections();
    int steps = run.steps();
    boolean starts = true;
    boolean changed = true;
    try {
      for (int step = 0; step < steps; ) {
        int due = run.schedule().next(step, steps).orElseThrow();
        if (due == step) {
          run.schedule().before(step, steps);
          changed = true;
          due = run.schedule().next(step + 1, steps).orElseThrow();
        }
        int last = Math.min(Math.min(due, steps), step + NetworkProgram.WINDOW);
        boolean wanted = last == due || last == steps;
        Stretch stretch =
            new Stretch(student, step, last, order, corrections, starts, changed, wanted);
        await(stretch, step, steps);
        for (int i = 0; i < stretch.losses().length; i++) {
          run.checkLoss(stretch.losses()[i], step + i);
        }
        starts = false;
        changed = false;
        step = last;
      }
    } finally {
      requests.add(() -> dismiss(student));
    }
  }

  private void await(Stretch stretch, int step, int steps) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted at step " + (step + 1) + " of " + steps);
    }
    requests.add(() -> take(stretch));
    try {
      stretch.end().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted at step " + (step + 1) + " of " + steps);
    } catch (ExecutionException e) {
      String message = e.getCause() == null ? "" : e.getCause().getMessage();
      throw new DeviceFailureException(description + ": " + message);
    }
  }

  private void serve() {
    while (true) {
      try {
        Runnable request = running.isEmpty() ? requests.take() : requests.poll();
        while (request != null) {
          request.run();
          request = requests.poll();
        }
        round();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        // Whatever is on the device is lost; who comes next begins anew.
        running.forEach(stretch -> stretch.end().completeExceptionally(e));
        running.clear();
        clear();
      }
    }
  }

  private Queue queue() {
    if (queue == null) {
      queue = new Queue(device, budget);
    }
    return queue;
  }

  /** Lets a student run, or wait until there is room. */
  private void take(Stretch stretch) {
    try {
      try {
        admit(stretch);
      } catch (NoRoomException e) {
        releaseIdle(0);
        admit(stretch);
      }
    } catch (NoRoomException e) {
      if (stretch.starts() && batches.values().stream().anyMatch(batch -> !batch.isEmpty())) {
        waiting.add(stretch);
      } else {
        stretch.end().completeExceptionally(e);
      }
    } catch (RuntimeException | Error e) {
      stretch.end().completeExceptionally(e);
      if (running.isEmpty()) {
        // The device may have gone: who comes next opens it anew.
        clear();
      }
    }
  }

  private void admit(Stretch stretch) {
    batch(Key.of(stretch.student()), stretch.student()).admit(stretch);
    running.add(stretch);
  }

  private StudentBatch batch(Key key, Student student) {
    StudentBatch known = batches.get(key);
    if (known != null) {
      return known;
    }
    DeviceExamples data = examples.get(key.examples());
    if (data == null) {
      data = queue().whole(() -> new DeviceExamples(queue(), key.examples()));
      examples.put(key.examples(), data);
    }
    NetworkProgram program =
        new NetworkProgram(key.architecture(), key.batch(), key.examples().task(), data.areBytes());
    StudentBatch made = new StudentBatch(queue(), program, data, student.loss().teacher(), student);
    batches.put(key, made);
    return made;
  }

  private void dismiss(Student student) {
    for (StudentBatch batch : batches.values()) {
      batch.dismiss(student);
    }
    running.removeIf(stretch -> stretch.student() == student);
    waiting.removeIf(stretch -> stretch.student() == student);
    releaseIdle(MOST_IDLE);
    for (int left = waiting.size(); left > 0 && !waiting.isEmpty(); left--) {
      take(waiting.remove(0));
    }
  }

  /** Releases all but some batches without students, and examples that no batch is left of. */
  private void releaseIdle(int kept) {
    long idle = batches.values().stream().filter(StudentBatch::isEmpty).count();
    for (Iterator<StudentBatch> i = batches.values().iterator(); i.hasNext() && idle > kept; ) {
      StudentBatch batch = i.next();
      if (batch.isEmpty()) {
        batch.release();
        i.remove();
        idle--;
      }
    }
    for (Iterator<Map.Entry<Examples, DeviceExamples>> i = examples.entrySet().iterator();
        i.hasNext(); ) {
      Map.Entry<Examples, DeviceExamples> entry = i.next();
      if (batches.keySet().stream().noneMatch(key -> key.examples().equals(entry.getKey()))) {
        entry.getValue().release(queue());
        i.remove();
      }
    }
  }

  /** Gives up the device with all that is on it. */
  private void clear() {
    for (List<Stretch> stretches : List.of(running, waiting)) {
      for (Stretch stretch : stretches) {
        stretch.end().completeExceptionally(new DeviceFailureException("the device failed"));
      }
      stretches.clear();
    }
    batches.values().forEach(StudentBatch::releaseKernels);
    batches.clear();
    examples.clear();
    if (queue != null) {
      queue.close();
      queue = null;
    }
  }

  private void round() {
    for (StudentBatch batch : batches.values()) {
      List<Stretch> own = running.stream().filter(s -> batch.has(s.student())).toList();
      if (!own.isEmpty()) {
        int steps = own.stream().mapToInt(Stretch::left).min().orElseThrow();
        batch.step(own, Math.min(ROUND, steps));
      }
    }
    for (Iterator<Stretch> i = running.iterator(); i.hasNext(); ) {
      Stretch stretch = i.next();
      if (stretch.left() == 0) {
        i.remove();
        stretch.end().complete(null);
      }
    }
  }
}
