package dev.pare.candidate;

/** Writes the student as a .pare file. */
public record Encode() implements StageSettings {
  @Override
  public Kind kind() {
    return Kind.ENCODE;
  }
}
