package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.MalformedArtifactException.Fault;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Shape;
import dev.pare.model.StockLayers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with layers that DL4J runs, which are what a file could do harm with. */
class StockLayerTest {
  private static final String LAYERS = "org.deeplearning4j.nn.conf.layers.";
  private static final String ELU =
      "'activationFn':{'@class':'org.nd4j.linalg.activations.impl.ActivationELU'}";

  @Test
  void aLayerThatIsWhatItDeclaresIsRead() {
    Architecture architecture = read(json(LAYERS + "ActivationLayer", ELU), 1, 6, 5);
    assertThat(architecture.layers().get(0)).isInstanceOf(Dl4jLayer.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SubsamplingLayer | 'poolingType':'PNORM','pnorm':2,'eps':1e-8,'kernelSize':[2,2],'padding':[0,0],'stride':[0,0] | 5 | 4 | stride = [0,0] is out of range",
        "SubsamplingLayer | 'poolingType':'PNORM','pnorm':2,'eps':1e-8,'kernelSize':[2,2],'padding':[0,0] | 5 | 4 | stride = null is out of range",
        "SpaceToDepthLayer | 'dataFormat':'NCHW' | 6 | 5 | blockSize = 0 is out of range",
        "ZeroPaddingLayer | 'padding':[20000,20000,20000,20000] | 40006 | 40005 | an example takes",
        "SubsamplingLayer | 'poolingType':'SUM','kernelSize':[2,2],'padding':[0,0],'stride':[1,1] | 5 | 4 | poolingType = SUM",
        "SubsamplingLayer | 'kernelSize':[2,2],'padding':[0,0],'stride':[1,1] | 5 | 4 | poolingType = null",
        "SubsamplingLayer | 'poolingType':'MAX','convolutionMode':'Causal','kernelSize':[2,2],'padding':[0,0],'stride':[1,1] | 6 | 5 | convolutionMode = Causal",
        "SubsamplingLayer | 'poolingType':'MAX','kernelSize':[1,1],'padding':[1,1],'stride':[1,1] | 8 | 7 | a window of padding alone",
        "SubsamplingLayer | 'poolingType':'MAX','convolutionMode':'Same','kernelSize':[2,2],'padding':[0,0],'stride':[1,1],'dilation':[8,8] | 6 | 5 | a window of padding alone",
        "SubsamplingLayer | 'poolingType':'MAX','convolutionMode':'Same','kernelSize':[1,1],'padding':[0,0],'stride':[3,3] | 2 | 2 | convolutionMode = Same",
        "SubsamplingLayer | 'poolingType':'PNORM','pnorm':2,'eps':1e-8,'kernelSize':[2,2],'padding':[0,0],'stride':[1,1],'cnn2dDataFormat':'NHWC' | 5 | 4 | NCHW",
        "ZeroPaddingLayer | 'padding':[1,1,1,1],'dataFormat':'NHWC' | 8 | 5 | NCHW",
        "convolutional.Cropping2D | 'cropping':[0,0,0,0],'dataFormat':'NHWC' | 6 | 5 | NCHW",
        "Upsampling2D | 'size':[1,1],'format':'NHWC' | 6 | 5 | NCHW",
        "SpaceToDepthLayer | 'blockSize':1 | 6 | 5 | NCHW",
        "SpaceToDepthLayer | 'blockSize':1,'dataFormat':'NHWC' | 6 | 5 | NCHW",
        "SpaceToDepthLayer | 'blockSize':2,'dataFormat':'NCHW' | 3 | 2 | blockSize = 2: must divide",
        "LocalResponseNormalization | 'n':3,'dataFormat':'NHWC' | 6 | 5 | NCHW",
        "LocalResponseNormalization | 'n':2 | 6 | 5 | n = 2.0: half of it",
        "LocalResponseNormalization | 'n':4096 | 6 | 5 | n = 4096.0: half of it",
        "GlobalPoolingLayer | 'poolingType':'SUM','poolingDimensions':[1,2] | 1 | 1 | poolingDimensions = [1, 2]",
        "convolutional.Cropping2D | 'cropping':[3,3,0,0] | 1 | 5 | its output is",
        "SubsamplingLayer | 'poolingType':'MAX','kernelSize':[7,2],'padding':[0,0],'stride':[1,1] | 1 | 4 | ",
        "DropoutLayer | 'idropout':{'@class':'dev.pare.artifact.StockLayerTest$Initialized'} | 6 | 4 | its output is",
        "../../../../dev.pare.artifact.StockLayerTest$Initialized | 'nin':1 | 6 | 5 | is not supported",
        "samediff.SameDiffLambdaLayer | 'nin':1 | 6 | 5 | is not supported"
      })
  void whatCannotBeRunIsRefusedBefore(
      String type, String fields, int height, int width, String message) {
    assertThatThrownBy(() -> read(json(LAYERS + type, fields), 1, height, width))
        .isInstanceOf(MalformedArtifactException.class)
        .hasMessageContaining("layer 0")
        .hasMessageContaining(message == null ? "" : message)
        .extracting("fault")
        .isEqualTo(Fault.INVALID_CONTENT);
    assertThat(initialized).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ConvolutionLayer | 'kernelSize':[4,2],'stride':[4,1],'padding':[0,0] | 3 | 5 | of 4 places does not fit 3",
        "ConvolutionLayer | 'kernelSize':[2,2],'stride':[1,4],'padding':[0,0],'dilation':[2,7] | 8 | 5 | of 8 places does not fit 5",
        "ConvolutionLayer | 'kernelSize':[1,1],'stride':[1,4],'padding':[0,0],'convolutionMode':'Same' | 3 | 7 | leaves out places of 7",
        "ConvolutionLayer | 'kernelSize':[2,2],'stride':[1,1],'padding':[0,0],'convolutionMode':'Causal' | 8 | 8 | convolutionMode = Causal",
        "ConvolutionLayer | 'kernelSize':[2,2],'stride':[1,1],'padding':[0,0],'cnn2dDataFormat':'NHWC' | 8 | 8 | NCHW",
        "Deconvolution2D | 'kernelSize':[2,2],'stride':[1,1],'padding':[0,0],'convolutionMode':'Causal' | 8 | 8 | convolutionMode = Causal",
        "DepthwiseConvolution2D | 'kernelSize':[4,2],'stride':[4,1],'padding':[0,0],'depthMultiplier':1 | 3 | 5 | of 4 places does not fit 3",
        "DepthwiseConvolution2D | 'kernelSize':[1,1],'stride':[8,8],'padding':[0,0],'depthMultiplier':1 | 8 | 8 | it reads a single number",
        "SeparableConvolution2D | 'kernelSize':[4,2],'stride':[4,1],'padding':[0,0],'depthMultiplier':1 | 3 | 5 | of 4 places does not fit 3"
      })
  void convolutionsThatDl4jFailsToRunAreRefusedBefore(
      String type, String fields, int height, int width, String message) {
    String json = json(LAYERS + type, ELU + ",'nin':1,'nout':1," + fields).replace('\'', '"');
    Dl4jLayer stock = new Dl4jLayer(json, new Shape(1, 1, 1), List.of());
    InputShape input = new InputShape(1, height, width, 1);
    List<Layer> layers = List.of(stock, new Dense(2, Activation.SOFTMAX));
    assertThatThrownBy(() -> StockLayers.check(new Architecture(input, layers)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layer 0, which DL4J runs: ")
        .hasMessageContaining(message);
  }

  @Test
  void classesAreKnownByTheirNamesAlone() {
    for (String json :
        List.of(
            "{'@class':'dev.pare.artifact.StockLayerTest$Initialized'}",
            json(
                LAYERS + "ActivationLayer",
                "'activationFn':{'@class':'dev.pare.artifact.StockLayerTest$Initialized'}"),
            "{'Initialized':{}}",
            "[".repeat(20_000))) {
      assertThatThrownBy(() -> read(json, 1, 6, 5)).isInstanceOf(MalformedArtifactException.class);
    }
    assertThat(initialized).isFalse();
  }

  @Test
  void aShapeThatIsNotTheLayersIsRefused() {
    String elu = json(LAYERS + "ActivationLayer", ELU);
    assertThatThrownBy(() -> read(elu, 1, 6, 4))
        .isInstanceOf(MalformedArtifactException.class)
        .hasMessageContaining("its output is 1×6×5, not");
  }

  @Test
  void parametersThatAreNotTheLayersAreRefused() {
    String dense =
        json(LAYERS + "DenseLayer", ELU + ",'nin':30,'nout':3,'hasBias':false,'hasLayerNorm':true");
    assertThatThrownBy(() -> read(dense, 3, 1, 1))
        .isInstanceOf(MalformedArtifactException.class)
        .hasMessageContaining("its parameters are [Parameter[name=W");
    String other = json(LAYERS + "DenseLayer", ELU + ",'nin':31,'nout':3");
    assertThatThrownBy(() -> read(other, 3, 1, 1))
        .hasMessageContaining("reads 31 features, but its input has 30");
  }

  private static boolean initialized;

  /** A class that says when it is initialized. */
  static final class Initialized {
    static {
      initialized = true;
    }

    private Initialized() {}
  }

  private static String json(String type, String fields) {
    return "{'@class':'" + type + "'," + fields + "}";
  }

  /** What is read of a file whose first layer is of that JSON, on an image of 6×5. */
  private static Architecture read(String json, int channels, int height, int width) {
    ByteSink body = new ByteSink();
    for (int side : new int[] {1, 6, 5}) {
      body.writeVarint(side);
    }
    body.writeFloats(1);
    body.writeVarint(2);
    body.writeByte(4);
    byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    body.writeVarint(text.length);
    body.writeBytes(text);
    for (int side : new int[] {channels, height, width}) {
      body.writeVarint(side);
    }
    body.writeVarint(0);
    body.writeByte(4 << 4);
    body.writeVarint(2);
    // The output layer's tensors; where they would be large, nothing gets so far.
    for (int values : new int[] {(int) Math.min(2L * channels * height * width, 1000), 2}) {
      body.writeByte(1);
      body.writeVarint(Float.BYTES * values);
      body.writeFloats(new float[values]);
    }
    return new ArtifactReader(1 << 28).open(Bodies.file(body.toBytes())).architecture();
  }
}
