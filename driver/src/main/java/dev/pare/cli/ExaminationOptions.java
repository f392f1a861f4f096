package dev.pare.cli;

import dev.pare.examine.ExaminationSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How files are examined. */
final class ExaminationOptions {
  @Option(
      names = "--groups",
      paramLabel = "COLUMN",
      description =
          "Errors by what a table has in this column of features: its name, or of a table without"
              + " names its number from 1.")
  private @Nullable String groups;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of samples, corruptions and attacks. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Test examples that are corrupted, and of which it is guessed whether they were trained"
              + " on, at most; at least 1. Default: ${DEFAULT-VALUE}.")
  private int sample;

  @Option(
      names = "--attacked",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Test examples that are attacked, and validation examples that are explained, at most; at"
              + " least 1. Default: ${DEFAULT-VALUE}.")
  private int attacked;

  @Option(
      names = "--radius",
      paramLabel = "RADIUS",
      split = ",",
      defaultValue = "0.01,0.03,0.1",
      description =
          "How far attacks move features, as shares of the range of an image's values or of each"
              + " feature's standard deviation, above 0 and at most 1. Default: ${DEFAULT-VALUE}.")
  private List<Double> radii = List.of();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * How much is examined.
   *
   * @throws ParameterException if an option is out of its range
   */
  ExaminationSettings settings() {
    try {
      return new ExaminationSettings(seed, sample, attacked, radii);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  /** The column to group examples by; null for none. */
  @Nullable String groups() {
    return groups;
  }
}
