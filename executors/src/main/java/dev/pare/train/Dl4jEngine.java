package dev.pare.train;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import dev.pare.model.Dl4jNetworks;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** DL4J's stock layers. */
final class Dl4jEngine implements Engine {
  /** Pare's own layers are for the processor; where ND4J was built for GPUs, these run there. */
  static final class Kind implements EngineKind {
    private static final boolean CUDA = isPresent("org.nd4j.linalg.jcublas.JCublasBackend");

    private static boolean isPresent(String type) {
      try {
        Class.forName(type, false, Dl4jEngine.class.getClassLoader());
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }

    @Override
    public String name() {
      return "dl4j";
    }

    /** It takes the loss's gradient for that of the last layer's sums. */
    @Override
    public boolean runs(Architecture architecture) {
      boolean linearBeforeLoss =
          architecture.output() == Activation.SOFTMAX
              || architecture.output() == Activation.IDENTITY;
      return linearBeforeLoss && Dl4jNetworks.isExpressible(architecture);
    }

    @Override
    public boolean isPreferred() {
      return CUDA;
    }

    @Override
    public Engine open(Architecture architecture, int largestBatch) {
      return new Dl4jEngine(architecture);
    }
  }

  private final Architecture architecture;
  private final MultiLayerNetwork network;
  private final LogitsAsLoss loss = new LogitsAsLoss();

  private Dl4jEngine(Architecture architecture) {
    this.architecture = architecture;
    this.network =
        Dl4jNetworks.toDl4j(
            new Network(architecture, new float[architecture.parameters()]),
            new Dl4jNetworks.Training(new NoOp(), loss, 0, 0));
    // The loss works on logits, so the output layer must hand them out as they are.
    ((org.deeplearning4j.nn.conf.layers.OutputLayer) network.getOutputLayer().conf().getLayer())
        .setActivationFn(new ActivationIdentity());
  }

  @Override
  public void forward(float[] parameters, Batch batch, float[] logits) {
    setParameters(parameters);
    try (INDArray output = network.output(input(batch.floats(), batch.size()), false)) {
      pointer(output).get(logits, 0, batch.size() * architecture.outputs());
    }
  }

  @Override
  public double gradient(float[] parameters, Batch batch, LogitLoss logitLoss, float[] gradient) {
    setParameters(parameters);
    loss.current = logitLoss;
    network.setInput(input(batch.floats(), batch.size()));
    network.setLabels(Nd4j.create(new long[] {batch.size(), architecture.outputs()}, 'c'));
    network.computeGradientAndScore();
    float[] flat = new float[gradient.length];
    pointer(network.getFlattenedGradients()).get(flat);
    System.arraycopy(
        Dl4jNetworks.fromDl4jOrder(architecture, flat), 0, gradient, 0, gradient.length);
    return loss.value;
  }

  private void setParameters(float[] parameters) {
    pointer(network.params()).put(Dl4jNetworks.toDl4jOrder(architecture, parameters));
  }

  private INDArray input(float[] inputs, int batch) {
    int features = architecture.input().size();
    float scale = 1 / architecture.input().divisor();
    float[] scaled = new float[batch * features];
    if (architecture.layers().get(0) instanceof Lstm) {
      return sequences(inputs, batch, scale, scaled);
    }
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = inputs[i] * scale;
    }
    return Nd4j.create(scaled, new long[] {batch, features}, 'c');
  }

  /** Rows as steps, which DL4J has innermost. */
  private INDArray sequences(float[] inputs, int batch, float scale, float[] scaled) {
    InputShape shape = architecture.input();
    int area = shape.height() * shape.width();
    for (int i = 0; i < scaled.length; i++) {
      int step = i % area / shape.width();
      int line = i / area * shape.width() + i % shape.width();
      scaled[line * shape.height() + step] = inputs[i] * scale;
    }
    int features = shape.channels() * shape.width();
    return Nd4j.create(scaled, new long[] {batch, features, shape.height()}, 'c');
  }

  private static FloatPointer pointer(INDArray array) {
    return new FloatPointer(array.data().addressPointer());
  }

  @Override
  public void close() {
    network.close();
  }

  /**
   * Hands the logits to a {@link LogitLoss} and its gradient back to DL4J, which adds it up over
   * the batch.
   */
  private static final class LogitsAsLoss implements ILossFunction {
    private static final long serialVersionUID = 1;

    private transient LogitLoss current = (logits, batch, gradient) -> 0;
    private transient double value;

    @Override
    public INDArray computeGradient(
        INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
      float[] logits = preOutput.dup('c').data().asFloat();
      float[] gradient = new float[logits.length];
      value = current.gradient(logits, (int) preOutput.size(0), gradient);
      return Nd4j.create(gradient, preOutput.shape(), 'c');
    }

    @Override
    public double computeScore(
        INDArray labels,
        INDArray preOutput,
        IActivation activation,
        INDArray mask,
        boolean average) {
      return value;
    }

    @Override
    public INDArray computeScoreArray(
        INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
      throw new UnsupportedOperationException("no score for single examples");
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
        INDArray labels,
        INDArray preOutput,
        IActivation activation,
        INDArray mask,
        boolean average) {
      return Pair.of(value, computeGradient(labels, preOutput, activation, mask));
    }

    @Override
    public String name() {
      return "LogitsAsLoss";
    }
  }
}
