package dev.pare.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SerializationTest {
  static Stream<Serializable> values() {
    return Stream.of(
        Samples.TRAINING,
        Samples.REGULARIZE,
        Regularize.none(Samples.TRAINING),
        Samples.PRUNE,
        new Prune(
            0.5,
            0.25,
            Prune.Saliency.MAGNITUDE,
            Prune.Scope.LAYER,
            Prune.Schedule.ONE_SHOT,
            1,
            Samples.TRAINING),
        Factorize.none(Samples.TRAINING),
        Samples.QUANTIZE,
        new Encode(Encode.Precision.FLOAT32),
        Samples.KEY,
        Samples.PROVENANCE,
        Samples.candidate(),
        Samples.correctness(),
        Samples.measurement().size(),
        Samples.measurement(),
        Samples.measured(),
        Samples.failed());
  }

  @ParameterizedTest
  @MethodSource("values")
  void survivesTheWire(Serializable value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(value).hasSameHashCodeAs(value);
    }
  }
}
