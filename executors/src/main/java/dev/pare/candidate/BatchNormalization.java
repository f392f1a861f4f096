package dev.pare.candidate;

/** What becomes of batch normalization when a network is compressed. */
public enum BatchNormalization {
  /** It stays as it is. */
  KEEP,
  /**
   * Where it directly follows a dense or convolution layer without activation, it becomes part of
   * that layer's weights and biases: the same function in fewer bytes.
   */
  FOLD
}
