package dev.pare.model;

import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Vectors of images {@code [examples, channels, height, width]}, channels last: what DL4J's import
 * from Keras puts where TensorFlow flattens. Its own class is in a module that Pare does without.
 */
final class ChannelsLastFlattening extends CnnToFeedForwardPreProcessor {
  private static final long serialVersionUID = 1;

  ChannelsLastFlattening(long height, long width, long channels) {
    super(height, width, channels);
  }

  @Override
  public INDArray preProcess(INDArray input, int batch, LayerWorkspaceMgr workspaces) {
    INDArray last = workspaces.dup(ArrayType.ACTIVATIONS, input.permute(0, 2, 3, 1), 'c');
    return workspaces.leverageTo(
        ArrayType.ACTIVATIONS, last.reshape('c', input.size(0), input.length() / input.size(0)));
  }
}
