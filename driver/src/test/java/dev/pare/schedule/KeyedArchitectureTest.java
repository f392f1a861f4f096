package dev.pare.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.StageKey;
import dev.pare.graph.InputShape;
import dev.pare.model.NamedArchitecture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Teachers keep their keys, by which stores know them, whatever becomes of the types. */
class KeyedArchitectureTest {
  @ParameterizedTest
  @CsvSource({
    "MLP, 8ba414404855a3cc7e7cf1bafa9e7003dc45dd02271cc07afa3159c2cbed941c",
    "LENET_300_100, 8effe8e403ccbd7b3b13ad86c3e2af4d3d82a06c0698beced4b240a2600f22f4",
    "LENET_5, 73f57f5f0d5a86244e70b33387a6d5f5be76796d6a7b2f43eefa4acb5fcb84c6",
    "RESNET, 3d9225a70acdf7a5388e50ab8d741f6fb054c70dfbf6f0fc81c7a960331a2cdd",
    "LSTM, 4217407ac66fd29d2d2e350f55e9112f555918264da8020062f5b6e5cda2cbfe",
    "ATTENTION, 70b50a877e57d0dbbe14a5060de9e1c0da2805ae5724359c2f21db8a08702731"
  })
  void keysAreThoseOfFirstStores(NamedArchitecture.Name name, String key) {
    assertThat(
            StageKey.of(
                    KeyedArchitecture.of(
                        NamedArchitecture.of(name).resolve(new InputShape(1, 28, 28, 255), 10)))
                .hex())
        .isEqualTo(key);
  }
}
