package dev.pare.train;

import dev.pare.candidate.Adversarial;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a training step on inputs near a batch's examples that an attack on the student
 * finds: PGD adversarial training (Madry et al. 2018), or TRADES (Zhang et al. 2019). The attack is
 * on the student as it is in use, whose batch normalization works with its running statistics; the
 * step itself works with those of all that it is of, TRADES' with those of the examples and of the
 * inputs near them together.
 *
 * <p>Keeps its buffers between calls; not thread-safe.
 */
final class AdversarialStep {
  /**
   * Most units of the even noise that TRADES starts from, as its gradient at the examples vanishes:
   * of deviation 0.001.
   */
  private static final double NOISE = 1e-3 * 1.7320508;

  /** What all steps go of the way to the farthest input together; after one, it is less. */
  private static final double WAY = 2.5;

  /** Of one step from a random start (Wong et al. 2020). */
  private static final double LONGEST_STRIDE = 1.25;

  private final Adversarial settings;
  private final double stride;
  private final Examples examples;
  private final InputSpace space;
  private final int[] indices;
  private final Engine.LogitLoss loss;
  private final InputGradients attacked;
  private final SplittableRandom random;
  private final int features;
  private final int classes;

  /** The examples, and after them what an attack makes of them. */
  private final float[] inputs;

  private final float[] least;
  private final float[] most;
  private final float[] some;
  private final float[] someGradients;
  private final float[] clean;
  private final float[] pShares;
  private final float[] qShares;

  /**
   * @param settings of a method
   * @param space of the examples as the network reads them
   * @param indices of a batch's examples, as long as the largest batch
   * @param loss of the batch
   * @param seed of where attacks start
   */
  AdversarialStep(
      Architecture architecture,
      Adversarial settings,
      Examples examples,
      InputSpace space,
      int[] indices,
      Engine.LogitLoss loss,
      long seed) {
    this.settings = settings;
    this.stride = Math.min(LONGEST_STRIDE, WAY / settings.steps());
    this.examples = examples;
    this.space = space;
    this.indices = indices;
    this.loss = loss;
    // Another sequence than that of the examples' order.
    this.random = new SplittableRandom(seed).split();
    this.features = examples.features();
    this.classes = architecture.outputs();
    this.attacked =
        new InputGradients(new Network(architecture, new float[architecture.parameters()]));
    int size = Math.multiplyExact(indices.length, features);
    this.inputs = new float[Math.multiplyExact(2, size)];
    this.least = new float[size];
    this.most = new float[size];
    int chunk = Math.min(attacked.largestBatch(), indices.length);
    this.some = new float[chunk * features];
    this.someGradients = new float[chunk * features];
    this.clean = new float[chunk * classes];
    this.pShares = new float[classes];
    this.qShares = new float[classes];
  }

  /** How many examples of a batch its engine must have room for. */
  static int engineBatch(Adversarial settings, int batch) {
    return settings.method() == Adversarial.Method.TRADES ? Math.multiplyExact(2, batch) : batch;
  }

  /**
   * The gradient of the parameters, as {@link Engine#gradient} has it.
   *
   * @param batch the examples as they are, those of the indices
   * @return the loss
   */
  double gradient(Engine engine, float[] parameters, Batch batch, float[] gradient) {
    int count = batch.size();
    int size = count * features;
    System.arraycopy(batch.floats(), 0, inputs, 0, size);
    for (int b = 0; b < count; b++) {
      space.ball(inputs, b * features, settings.radius(), least, most);
    }
    start(size);
    attacked.setParameters(parameters);
    int chunk = some.length / features;
    for (int from = 0; from < count; from += chunk) {
      attack(from, Math.min(chunk, count - from), size);
    }
    if (settings.method() == Adversarial.Method.TRADES) {
      return engine.gradient(parameters, Batch.of(inputs, 2 * count), this::trades, gradient);
    }
    System.arraycopy(inputs, size, inputs, 0, size);
    return engine.gradient(parameters, Batch.of(inputs, count), loss, gradient);
  }

  /** Writes where the attack starts from. */
  private void start(int size) {
    boolean near = settings.method() == Adversarial.Method.TRADES;
    for (int i = 0; i < size; i++) {
      float start =
          near
              ? (float)
                  (inputs[i] + NOISE * space.unit(i % features) * (2 * random.nextDouble() - 1))
              : InputSpace.draw(least[i], most[i], random);
      inputs[size + i] = Math.max(least[i], Math.min(most[i], start));
    }
  }

  /** Moves what is made of some of the examples. */
  private void attack(int first, int count, int size) {
    int from = first * features;
    int length = count * features;
    if (settings.method() == Adversarial.Method.TRADES) {
      System.arraycopy(inputs, from, some, 0, length);
      attacked.forward(some, count, clean);
    }
    System.arraycopy(inputs, size + from, some, 0, length);
    for (int step = 0; step < settings.steps(); step++) {
      attacked.of(
          some,
          count,
          (logits, batch, target) -> {
            direction(first, logits, batch, target);
            return 0;
          },
          someGradients);
      for (int i = 0; i < length; i++) {
        some[i] =
            InputSpace.step(
                some[i],
                inputs[from + i],
                least[from + i],
                most[from + i],
                stride,
                someGradients[i]);
      }
    }
    System.arraycopy(some, 0, inputs, size + from, length);
  }

  /** The gradient of what the attack makes large, with respect to the logits. */
  private void direction(int first, float[] logits, int batch, float[] target) {
    for (int b = 0; b < batch; b++) {
      int from = b * classes;
      if (settings.method() == Adversarial.Method.TRADES) {
        divergence(clean, from, logits, from, 1, null, target);
      } else {
        AttackLoss.CROSS_ENTROPY.gradient(
            logits, from, classes, examples.label(indices[first + b]), target);
      }
    }
  }

  /** The loss at the examples, and how far the answers to the inputs near them are from theirs. */
  private double trades(float[] logits, int both, float[] gradient) {
    int count = both / 2;
    Arrays.fill(gradient, 0, both * classes, 0);
    double value = loss.gradient(logits, count, gradient);
    double sum = 0;
    for (int b = 0; b < count; b++) {
      double weight = settings.beta() * examples.classWeight(examples.label(indices[b])) / count;
      int from = b * classes;
      sum +=
          weight
              * divergence(logits, from, logits, (count + b) * classes, weight, gradient, gradient);
    }
    return value + sum;
  }

  /**
   * The divergence KL(p‖q) of the probabilities q of some logits from those p of others.
   *
   * @param pGradient that of p's logits is added to; null where it is not wanted
   * @param qGradient that of q's logits is written
   */
  private double divergence(
      float[] p,
      int pFrom,
      float[] q,
      int qFrom,
      double weight,
      float @Nullable [] pGradient,
      float[] qGradient) {
    double pLog = logSum(p, pFrom, pShares);
    double qLog = logSum(q, qFrom, qShares);
    double divergence = 0;
    for (int c = 0; c < classes; c++) {
      divergence += pShares[c] * ((p[pFrom + c] - pLog) - (q[qFrom + c] - qLog));
    }
    for (int c = 0; c < classes; c++) {
      double ratio = (p[pFrom + c] - pLog) - (q[qFrom + c] - qLog);
      if (pGradient != null) {
        pGradient[pFrom + c] += (float) (weight * pShares[c] * (ratio - divergence));
      }
      qGradient[qFrom + c] = (float) (weight * (qShares[c] - pShares[c]));
    }
    return divergence;
  }

  /**
   * The logarithm of the sum of exponentials, in arithmetic that has the same bits everywhere.
   *
   * @param shares each exponential's of the sum, written
   */
  private double logSum(float[] logits, int from, float[] shares) {
    float sum = Softmax.row(logits, from, classes, 1, shares, 0);
    return Softmax.largest(logits, from, classes) + StrictMath.log(sum);
  }
}
