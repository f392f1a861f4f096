package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.graph.Layer;
import dev.pare.graph.OperatorSamples;
import dev.pare.train.EngineTest;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PassesTest {
  @Test
  void everyKindOfLayerThatCanBeTrainedIsAmongTheSamples() {
    Set<Class<?>> samples =
        Stream.concat(OperatorSamples.all().stream(), EngineTest.architectures())
            .flatMap(architecture -> architecture.layers().stream())
            .map(Layer::getClass)
            .collect(Collectors.toSet());
    assertThat(samples).containsAll(Passes.kinds());
  }
}
