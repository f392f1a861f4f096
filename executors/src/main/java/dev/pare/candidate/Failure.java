package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * Why a stage came to nothing.
 *
 * @param stage kind of the stage that failed
 * @param message for people
 */
public record Failure(FailureCode code, StageSettings.Kind stage, String message)
    implements Serializable {
  public Failure {
    requireNonNull(code, "code is null");
    requireNonNull(stage, "stage is null");
    requireNonNull(message, "message is null");
  }
}
