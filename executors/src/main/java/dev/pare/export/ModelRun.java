package dev.pare.export;

import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.onnx.OnnxException;
import dev.pare.onnx.RuntimeSession;
import dev.pare.onnx.RuntimeSession.Input;
import dev.pare.onnx.RuntimeSession.Numbers;
import dev.pare.onnx.RuntimeSession.Texts;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/** An exported model in ONNX Runtime, as users run it. */
final class ModelRun implements AutoCloseable {
  /** A text that stands for no category. */
  private static final String MISSING = "";

  private final Architecture architecture;
  private final Preparation preparation;
  private final RuntimeSession session;

  /**
   * @param values names of what is to be looked at
   * @throws ExportException if ONNX Runtime cannot run it
   */
  ModelRun(ExportedModel model, List<String> values) {
    this.architecture = model.source().architecture();
    this.preparation = model.source().preparation();
    try {
      this.session =
          new RuntimeSession(with(model.bytes(), values), RuntimeSession.Nodes.OPTIMIZED);
    } catch (OnnxException e) {
      throw new ExportException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A model with other outputs. */
  private static byte[] with(byte[] bytes, List<String> values) {
    ModelProto.Builder model;
    try {
      model = ModelProto.parseFrom(bytes).toBuilder();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a model: " + e.getMessage(), e);
    }
    TypeProto floats =
        TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE))
            .build();
    model.getGraphBuilder().clearOutput();
    for (String value : values) {
      model.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName(value).setType(floats));
    }
    return model.build().toByteArray();
  }

  /**
   * The values for some examples.
   *
   * @param features {@code [count × features]} as data have them when they are prepared, not yet
   *     divided
   * @throws ExportException if ONNX Runtime cannot run it
   */
  Map<String, float[]> values(float[] features, int count) {
    try {
      return session.run(inputs(features, count));
    } catch (OnnxException e) {
      throw new ExportException(String.valueOf(e.getMessage()), e);
    }
  }

  private Map<String, Input> inputs(float[] features, int count) {
    List<Column> columns = preparation.columns();
    if (columns.isEmpty()) {
      return Map.of(PreparedInput.INPUT, new Numbers(features, dims(count)));
    }
    float[] numbers = new float[count * columns.size()];
    Map<String, Input> inputs = new LinkedHashMap<>();
    int at = 0;
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      switch (column.kind()) {
        case NUMERIC -> {
          float[] own = new float[count];
          for (int n = 0; n < count; n++) {
            own[n] = raw((Column.Numeric) column, features[n * preparation.features() + at]);
            numbers[n * columns.size() + i] = own[n];
          }
          inputs.put(column.name(), new Numbers(own, count, 1));
        }
        case CATEGORICAL -> {
          String[] own = new String[count];
          for (int n = 0; n < count; n++) {
            own[n] = raw((Column.Categorical) column, features, n * preparation.features() + at);
          }
          inputs.put(column.name(), new Texts(own, count, 1));
        }
      }
      at += column.features();
    }
    return PreparedInput.isByColumn(preparation)
        ? inputs
        : Map.of(PreparedInput.INPUT, new Numbers(numbers, count, columns.size()));
  }

  /** A value that becomes this feature. */
  private static float raw(Column.Numeric column, float feature) {
    return (float) ((double) feature * column.deviation() + column.mean());
  }

  private static String raw(Column.Categorical column, float[] features, int from) {
    for (int i = 0; i < column.features(); i++) {
      if (features[from + i] != 0) {
        return column.categories().get(i);
      }
    }
    return MISSING;
  }

  private long[] dims(int count) {
    InputShape input = architecture.input();
    boolean flat = input.height() == 1 && input.width() == 1;
    return flat
        ? new long[] {count, input.channels()}
        : new long[] {count, input.channels(), input.height(), input.width()};
  }

  @Override
  public void close() {
    session.close();
  }
}
