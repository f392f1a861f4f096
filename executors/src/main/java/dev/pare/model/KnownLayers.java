package dev.pare.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.jspecify.annotations.Nullable;

/** DL4J's layers that are known, and what decides their outputs. */
final class KnownLayers {
  static final String FUNCTION = "activationFn";
  static final String GATE_FUNCTION = "gateActivationFn";

  /** The layer that is within another one. */
  static final String UNDERLYING = "underlying";

  private static final String FUNCTIONS = "org.nd4j.linalg.activations.impl.Activation";

  /** Activations that depend on nothing but their input; RReLU draws slopes as it learns. */
  private static final Set<String> KNOWN_FUNCTIONS =
      Set.of(
          "Cube",
          "ELU",
          "GELU",
          "HardSigmoid",
          "HardTanH",
          "Identity",
          "LReLU",
          "Mish",
          "RationalTanh",
          "ReLU",
          "ReLU6",
          "RectifiedTanh",
          "SELU",
          "Sigmoid",
          "SoftPlus",
          "SoftSign",
          "Softmax",
          "Swish",
          "TanH",
          "ThresholdedReLU");

  /** One of a user's own may do anything, outside of training, too. */
  private static final Set<String> KNOWN_NOISE =
      Set.of(
          "org.deeplearning4j.nn.conf.weightnoise.DropConnect",
          "org.deeplearning4j.nn.conf.weightnoise.WeightNoise");

  /** What a layer's output does not depend on, once it is trained. */
  private static final Set<String> TRAINING_FIELDS =
      Set.of(
          "biasInit",
          "biasUpdater",
          "constraints",
          "corruptionLevel",
          "cudnnAlgoMode",
          "cudnnAllowFallback",
          "cudnnBwdDataAlgo",
          "cudnnBwdFilterAlgo",
          "cudnnFwdAlgo",
          "decay",
          "forgetGateBiasInit",
          "gainInit",
          "gradientNormalization",
          "gradientNormalizationThreshold",
          "helperAllowFallback",
          "idropout",
          "iupdater",
          "layerName",
          "lossFn",
          "lossFunction",
          "minibatch",
          "regularization",
          "regularizationBias",
          "sparsity",
          "visibleBiasInit",
          "weightInitFn",
          "weightInitFnRecurrent",
          // Of dense layers on sequences, which are refused.
          "timeDistributedFormat");

  private static final String[] CONVOLUTION = {
    FUNCTION,
    "nin",
    "nout",
    "hasBias",
    "kernelSize",
    "stride",
    "padding",
    "dilation",
    "convolutionMode",
    "cnn2dDataFormat"
  };

  /** The known layers, by name, and what decides their outputs. */
  private static final Map<String, Known> LAYERS = new TreeMap<>();

  /** What DL4J ignores of its configuration, though it is there. */
  private static final Map<Class<?>, Set<String>> UNUSED =
      Map.of(
          BatchNormalization.class, Set.of(FUNCTION),
          DropoutLayer.class, Set.of(FUNCTION, "nin", "nout"),
          LossLayer.class, Set.of("nin", "nout"));

  static {
    known(DenseLayer.class, FUNCTION, "nin", "nout", "hasBias", "hasLayerNorm");
    known(OutputLayer.class, FUNCTION, "nin", "nout", "hasBias");
    known(LossLayer.class, FUNCTION);
    known(ActivationLayer.class, FUNCTION);
    known(DropoutLayer.class);
    known(ConvolutionLayer.class, CONVOLUTION);
    known(Deconvolution2D.class, CONVOLUTION);
    known(DepthwiseConvolution2D.class, with("depthMultiplier", CONVOLUTION));
    known(SeparableConvolution2D.class, with("depthMultiplier", CONVOLUTION));
    known(
        SubsamplingLayer.class,
        "poolingType",
        "kernelSize",
        "stride",
        "padding",
        "dilation",
        "convolutionMode",
        "cnn2dDataFormat",
        "pnorm",
        "eps",
        "avgPoolIncludePadInDivisor");
    known(
        BatchNormalization.class,
        "nin",
        "nout",
        "eps",
        "gamma",
        "beta",
        "lockGammaBeta",
        "useLogStd",
        "cnn2DFormat");
    known(LSTM.class, FUNCTION, GATE_FUNCTION, "nin", "nout", "rnnDataFormat");
    known(LastTimeStep.class, UNDERLYING);
    known(AutoEncoder.class, FUNCTION, "nin", "nout");
    known(ElementWiseMultiplicationLayer.class, FUNCTION, "nin", "nout");
    known(ZeroPaddingLayer.class, "padding", "dataFormat");
    known(Cropping2D.class, "cropping", "dataFormat");
    known(Upsampling2D.class, "size", "format");
    known(SpaceToDepthLayer.class, "blockSize", "dataFormat");
    known(LocalResponseNormalization.class, "n", "k", "alpha", "beta", "dataFormat");
    known(
        GlobalPoolingLayer.class,
        "poolingType",
        "pnorm",
        "poolingDimensions",
        "collapseDimensions");
  }

  private KnownLayers() {}

  /**
   * A layer.
   *
   * @param fields what decides its outputs
   */
  record Known(Class<? extends Layer> type, Set<String> fields) {}

  private static void known(Class<? extends Layer> type, String... fields) {
    LAYERS.put(type.getName(), new Known(type, Set.of(fields)));
  }

  private static String[] with(String further, String... fields) {
    List<String> all = new ArrayList<>(List.of(fields));
    all.add(further);
    return all.toArray(String[]::new);
  }

  /** The layer of a class; null if it is not known. */
  static @Nullable Known layer(String type) {
    return LAYERS.get(type);
  }

  /** What DL4J ignores of a layer's configuration, though it is there. */
  static Set<String> unused(Known layer) {
    return UNUSED.getOrDefault(layer.type(), Set.of());
  }

  /** Whether a layer's output does not depend on a field, once it is trained. */
  static boolean isOfTraining(String field) {
    return TRAINING_FIELDS.contains(field);
  }

  /** Fields of a wrapper that concerns training alone, with others. */
  static Set<String> ofTrainingWith(String... others) {
    Set<String> all = new HashSet<>(TRAINING_FIELDS);
    all.addAll(List.of(others));
    return all;
  }

  /** Whether noise of a class is added in training alone. */
  static boolean isNoise(String type) {
    return KNOWN_NOISE.contains(type);
  }

  /** Whether activations of a class are known. */
  static boolean isFunction(String type) {
    return type.startsWith(FUNCTIONS)
        && KNOWN_FUNCTIONS.contains(type.substring(FUNCTIONS.length()));
  }
}
