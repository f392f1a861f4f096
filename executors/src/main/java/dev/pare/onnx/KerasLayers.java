package dev.pare.onnx;

import dev.pare.onnx.KerasModel.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The layers of Keras that are supported, one a line. Keras has the channels last; its padding
 * {@code same} is TensorFlow's, whose further zero is at the end.
 */
final class KerasLayers {
  /** What a layer becomes. */
  @FunctionalInterface
  interface Meaning {
    /**
     * Its output.
     *
     * @throws OnnxException saying what is not supported
     */
    Value of(KerasCall call);
  }

  private static final Map<String, Meaning> ALL = new HashMap<>();

  static {
    // Of training alone.
    add("Dropout", KerasCall::input);
    add("SpatialDropout1D", KerasCall::input);
    add("SpatialDropout2D", KerasCall::input);
    add("GaussianDropout", KerasCall::input);
    add("GaussianNoise", KerasCall::input);
    add("AlphaDropout", KerasCall::input);
    add("ActivityRegularization", KerasCall::input);

    // With weights.
    add("Dense", KerasWeights::dense);
    add("Embedding", KerasWeights::embedding);
    add("TimeDistributed", KerasWeights::distributed);
    add("BatchNormalization", KerasWeights::batchNormalization);
    add("LayerNormalization", KerasWeights::layerNormalization);
    add("Conv1D", KerasConvolutions.of(1));
    add("Conv2D", KerasConvolutions.of(2));
    add("DepthwiseConv1D", KerasConvolutions.depthwise(1));
    add("DepthwiseConv2D", KerasConvolutions.depthwise(2));
    add("SeparableConv1D", KerasConvolutions.separable(1));
    add("SeparableConv2D", KerasConvolutions.separable(2));
    add("Conv1DTranspose", KerasConvolutions.transposed(1));
    add("Conv2DTranspose", KerasConvolutions.transposed(2));
    add("LSTM", KerasRecurrent::lstm);
    add("GRU", KerasRecurrent::gru);
    add("Bidirectional", KerasRecurrent::bothDirections);
    add("MultiHeadAttention", KerasAttention::heads);

    // Places.
    add("MaxPooling1D", KerasPooling.of("MaxPool", 1));
    add("MaxPooling2D", KerasPooling.of("MaxPool", 2));
    add("AveragePooling1D", KerasPooling.of("AveragePool", 1));
    add("AveragePooling2D", KerasPooling.of("AveragePool", 2));
    add("GlobalMaxPooling1D", KerasPooling.whole("GlobalMaxPool", 1));
    add("GlobalMaxPooling2D", KerasPooling.whole("GlobalMaxPool", 2));
    add("GlobalAveragePooling1D", KerasPooling.whole("GlobalAveragePool", 1));
    add("GlobalAveragePooling2D", KerasPooling.whole("GlobalAveragePool", 2));
    add("ZeroPadding1D", KerasPooling.padding(1));
    add("ZeroPadding2D", KerasPooling.padding(2));
    add("Cropping1D", KerasPooling.cropping(1));
    add("Cropping2D", KerasPooling.cropping(2));
    add("UpSampling1D", KerasPooling.upsampling(1));
    add("UpSampling2D", KerasPooling.upsampling(2));

    // Functions of each number.
    add("Activation", call -> KerasFunctions.activated(call, call.input()));
    add("Softmax", KerasFunctions::softmax);
    add("ReLU", KerasFunctions::rectified);
    add("LeakyReLU", KerasFunctions.of("LeakyRelu", 0.3));
    add("ELU", KerasFunctions.of("Elu", 1));
    add("PReLU", KerasFunctions::slopes);
    add("Rescaling", KerasFunctions::scaled);

    // Where numbers are, and several values.
    add("Flatten", KerasJoins::flattened);
    add("Reshape", KerasJoins::reshaped);
    add("Permute", KerasJoins::permuted);
    add("RepeatVector", KerasJoins::repeated);
    add("Add", KerasJoins.combined("Add"));
    add("Multiply", KerasJoins.combined("Mul"));
    add("Subtract", KerasJoins.combined("Sub"));
    add("Average", KerasJoins::average);
    add("Concatenate", KerasJoins::concatenated);
  }

  private KerasLayers() {}

  private static void add(String type, Meaning meaning) {
    ALL.put(type, meaning);
  }

  /**
   * What a layer makes.
   *
   * @param type name of its class
   * @throws OnnxException if it is not known, or a setting or a tensor of it is not
   */
  static Value translated(String type, KerasCall call) {
    Meaning meaning = ALL.get(type);
    if (meaning == null) {
      throw new OnnxException(
          "it is not supported; Pare has %s; what tf2onnx makes of it in an ONNX model may be"
              .formatted(String.join(", ", new TreeSet<>(ALL.keySet()))));
    }
    call.settings().is("dtype", "float32");
    Value out = meaning.of(call);
    call.checkAll();
    if (Arrays.stream(out.dims()).anyMatch(side -> side < 1)) {
      throw new OnnxException("makes " + Arrays.toString(out.dims()));
    }
    return out;
  }
}
