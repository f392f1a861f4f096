package dev.pare.predict;

/** What a network makes of one example. Immutable. */
public final class Prediction {
  private final int label;
  private final String className;
  private final float[] logits;
  private final boolean isProbabilities;

  Prediction(int label, String className, float[] logits, boolean isProbabilities) {
    this.label = label;
    this.className = className;
    this.logits = logits;
    this.isProbabilities = isProbabilities;
  }

  /** The class of the largest output, the first of equals, counted from 0. */
  public int label() {
    return label;
  }

  /** The name of that class; its number where the file has no names. */
  public String className() {
    return className;
  }

  /**
   * The probabilities of the classes where the network ends with a softmax; else its outputs as
   * they are: predicted numbers, or what an autoencoder gives back. A new array.
   */
  public float[] outputs() {
    float[] outputs = logits.clone();
    if (isProbabilities) {
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit - logits[label]);
      }
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = (float) (Math.exp(logits[i] - logits[label]) / sum);
      }
    }
    return outputs;
  }

  /** What the last layer makes, before a softmax. A new array. */
  public float[] logits() {
    return logits.clone();
  }

  @Override
  public String toString() {
    return className + " (output " + label + " of " + logits.length + ")";
  }
}
