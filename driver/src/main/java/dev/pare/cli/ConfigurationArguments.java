package dev.pare.cli;

import dev.pare.spec.SweepSpec;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of every command that needs a sweep's configuration. */
final class ConfigurationArguments {
  @Parameters(paramLabel = "CONF", description = "The sweep's configuration, a HOCON file.")
  private String conf = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key of the configuration, for instance student.epochs=5.")
  private List<String> overrides = new ArrayList<>();

  SweepSpec load() {
    return SweepSpec.load(conf, overrides);
  }
}
