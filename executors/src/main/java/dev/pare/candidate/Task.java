package dev.pare.candidate;

/** What is asked of a network. */
public enum Task {
  /** The class of an example, by the largest of as many outputs as there are classes. */
  CLASSIFICATION,
  /** Numbers. */
  REGRESSION,
  /** The example itself, as an autoencoder gives it back. */
  RECONSTRUCTION;

  /** As configurations spell it. */
  @Override
  public String toString() {
    return Spelling.of(this);
  }
}
