package dev.pare.cli;

import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.model.NamedArchitecture;
import dev.pare.opencl.DeviceBenchmark;
import dev.pare.report.TextTable;
import dev.pare.report.TextTable.Column;
import dev.pare.train.DeviceKind;
import dev.pare.train.Devices;
import dev.pare.train.TrainingDevice;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells what sweep.engine finds on this machine, and how fast it is. */
@Command(
    name = "devices",
    description = {
      "Lists what sweep.engine can train on here: the processor, and OpenCL's devices.",
      "--measure times whole training steps of one student and of several at once, on made-up"
          + " pictures, 64 a step."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  pare devices", "  pare devices --measure --students 1,8,64"})
final class DevicesCommand implements Callable<Integer> {
  private static final int CLASSES = 10;

  /** Epochs of 128 steps that all students together are timed for, but some each at least. */
  private static final int EPOCHS = 32;

  private static final int LEAST_EPOCHS = 4;

  @Option(names = "--measure", description = "Time training steps on the first device.")
  private boolean measure;

  @Option(
      names = "--students",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,8,64",
      description =
          "How many are trained at once, at least 1; several between commas. Default: ${DEFAULT-VALUE}.")
  private List<Integer> students = List.of();

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    for (int each : students) {
      if (each < 1) {
        throw new ParameterException(
            command.commandLine(), "--students " + each + ": must be at least 1");
      }
    }
    PrintWriter terminal = command.commandLine().getOut();
    terminal.println("cpu     " + Runtime.getRuntime().availableProcessors() + " processors");
    boolean any = false;
    for (String name : Devices.names()) {
      if (!name.equals(Devices.CPU)) {
        any |= list(Devices.kind(name), terminal);
      }
    }
    if (measure && !any) {
      terminal.println("There is nothing to measure.");
      return ExitCodes.FAILED;
    }
    return ExitCodes.DONE;
  }

  private boolean list(DeviceKind kind, PrintWriter terminal) {
    String missing = kind.missing().orElse(null);
    if (missing != null) {
      terminal.println(kind.name() + "  none: " + missing);
      return false;
    }
    for (int i = 0; i < kind.count(); i++) {
      terminal.println(kind.name() + "  " + i + ": " + kind.device(i).description());
    }
    if (measure) {
      terminal.flush();
      measure(kind.device(0), terminal);
    }
    return true;
  }

  private void measure(TrainingDevice device, PrintWriter terminal) {
    TextTable table =
        new TextTable(
            List.of(
                Column.left("network"),
                Column.right("students"),
                Column.right("µs a step of all"),
                Column.right("steps a second, together")));
    for (NamedArchitecture.Name name :
        List.of(
            NamedArchitecture.Name.LENET_300_100,
            NamedArchitecture.Name.LENET_5,
            NamedArchitecture.Name.RESNET)) {
      DeviceBenchmark benchmark = new DeviceBenchmark(device, architecture(name));
      for (int each : students) {
        double steps = benchmark.stepsASecond(each, Math.max(LEAST_EPOCHS, EPOCHS / each));
        table.add(
            List.of(
                name.toString().toLowerCase(Locale.ROOT).replace('_', '-'),
                Integer.toString(each),
                String.format(Locale.ROOT, "%.0f", 1e6 * each / steps),
                String.format(Locale.ROOT, "%.0f", steps)));
      }
    }
    terminal.println();
    table.print(terminal);
  }

  private static Architecture architecture(NamedArchitecture.Name name) {
    InputShape input =
        name == NamedArchitecture.Name.RESNET
            ? new InputShape(3, 32, 32, 255)
            : new InputShape(1, 28, 28, 255);
    return NamedArchitecture.of(name).resolve(input, CLASSES);
  }
}
