package dev.pare.layers;

import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Parameter;
import dev.pare.graph.Shape;
import dev.pare.model.StockLayers;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A layer that DL4J runs, between Pare's own: slower, but whatever DL4J has. */
final class Dl4jPass extends LayerPass {
  private final LayerPass input;
  private final org.deeplearning4j.nn.api.Layer layer;
  private final int offset;
  private final int count;
  private final boolean readsVectors;
  private final @Nullable INDArray parameterView;
  private final @Nullable INDArray gradientView;
  // What DL4J hands out, which may be an image of one place or a vector.
  private long[] outputShape = {};

  /**
   * @param offset index of its first parameter
   */
  Dl4jPass(Dl4jLayer stock, LayerPass input, int offset, int largestBatch) {
    super(stock.output(), largestBatch);
    this.input = input;
    this.offset = offset;
    this.count = stock.parameters().stream().mapToInt(Parameter::size).sum();
    this.parameterView = count == 0 ? null : Nd4j.create(DataType.FLOAT, 1, count);
    this.gradientView = count == 0 ? null : Nd4j.create(DataType.FLOAT, 1, count);
    NeuralNetConfiguration configuration = new NeuralNetConfiguration();
    org.deeplearning4j.nn.conf.layers.Layer stockConfiguration = StockLayers.configuration(stock);
    this.readsVectors = StockLayers.readsVectors(stockConfiguration, input.shape());
    configuration.setLayer(stockConfiguration);
    this.layer =
        configuration
            .getLayer()
            .instantiate(configuration, List.of(), 0, parameterView, false, DataType.FLOAT);
    if (gradientView != null) {
      layer.setBackpropGradientsViewArray(gradientView);
    }
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    if (parameterView != null) {
      float[] own = new float[count];
      System.arraycopy(parameters, offset, own, 0, count);
      parameterView.assign(Nd4j.create(own, new long[] {1, count}));
    }
    layer.setInputMiniBatchSize(batch);
    Shape s = input.shape();
    INDArray in =
        toDl4j(
            input.output(),
            s,
            batch,
            readsVectors
                ? new long[] {batch, s.size()}
                : new long[] {batch, s.channels(), s.height(), s.width()});
    INDArray out = layer.activate(in, mode == Mode.TRAINING, LayerWorkspaceMgr.noWorkspaces());
    outputShape = out.shape();
    fromDl4j(out, output(), shape(), batch);
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    INDArray out = toDl4j(outputGradient(), shape(), batch, outputShape);
    INDArray in = layer.backpropGradient(out, LayerWorkspaceMgr.noWorkspaces()).getSecond();
    if (gradientView != null) {
      System.arraycopy(gradientView.dup().data().asFloat(), 0, gradient, offset, count);
    }
    if (!(input instanceof InputPass)) {
      fromDl4j(in, input.outputGradient(), input.shape(), batch);
    }
  }

  /**
   * From {@code [height][channel][width][example]} to {@code [example][channel][height][width]}.
   */
  private static INDArray toDl4j(float[] values, Shape s, int batch, long[] shape) {
    float[] ordered = new float[s.size() * batch];
    move(values, ordered, s, batch, true);
    return Nd4j.create(ordered, shape, 'c');
  }

  private static void fromDl4j(INDArray array, float[] target, Shape s, int batch) {
    float[] ordered = array.dup('c').data().asFloat();
    if (ordered.length != s.size() * batch) {
      throw new IllegalStateException(
          "%d numbers of %d examples of %s".formatted(ordered.length, batch, s));
    }
    move(target, ordered, s, batch, false);
  }

  private static void move(float[] own, float[] dl4j, Shape s, int batch, boolean toDl4j) {
    for (int n = 0; n < batch; n++) {
      for (int c = 0; c < s.channels(); c++) {
        for (int y = 0; y < s.height(); y++) {
          int here = ((y * s.channels() + c) * s.width()) * batch + n;
          int there = ((n * s.channels() + c) * s.height() + y) * s.width();
          for (int x = 0; x < s.width(); x++) {
            if (toDl4j) {
              dl4j[there + x] = own[here + x * batch];
            } else {
              own[here + x * batch] = dl4j[there + x];
            }
          }
        }
      }
    }
  }
}
