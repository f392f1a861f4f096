package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Begins with another network than the teacher: one of an architecture of its own, or with a share
 * of the units, which learns from the teacher before all else.
 *
 * @param architecture what a configuration calls it, {@link #TEACHER} for the teacher's; empty
 *     where {@code layers} say what it is
 * @param width the share of the units and channels of each hidden layer that the student has, above
 *     0 to 1; 1 where {@code layers} say what is left
 * @param layers the student's; null until the data that it is to read are known
 * @param weights under which key the store has the network whose weights it begins with; null if
 *     they are drawn by the stage's seed
 * @param training how it learns
 */
public record Start(
    String architecture,
    double width,
    @Nullable ArchitectureForm layers,
    @LaterSetting @Nullable StageKey weights,
    Training training)
    implements StageSettings {
  /** The name of the teacher's architecture. */
  public static final String TEACHER = "teacher";

  public Start {
    requireNonNull(architecture, "architecture is null");
    if (!(width > 0 && width <= 1)) {
      throw new IllegalArgumentException("width = " + width + ": must be above 0 and at most 1");
    }
    requireNonNull(training, "training is null");
  }

  /** With the teacher itself. */
  public static Start none(Training training) {
    return new Start(TEACHER, 1, null, null, training);
  }

  /** The same with layers that are known, and weights if it does not draw them. */
  public Start with(ArchitectureForm known, @Nullable StageKey first) {
    return new Start("", 1, known, first, training);
  }

  /** Whether students begin with another network than the teacher. */
  public boolean isOwn() {
    return !architecture.equals(TEACHER) || width < 1;
  }

  @Override
  public Kind kind() {
    return Kind.START;
  }
}
