package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.graph.Elementwise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions of the library that other programs have from math.h. */
class FunctionsTest {
  private static final int COUNT = 20_001;
  private static final double RELATIVE = 1e-6;

  @TempDir private Path folder;

  @BeforeEach
  void hasCompiler() {
    assumeTrue(Compiler.exists("gcc"), "there is no gcc to compile C with");
  }

  /** What a function makes of as many numbers, evenly from one to another. */
  private float[] values(String function, double from, double to) throws IOException {
    Library library = new Library();
    library.use(function);
    Files.writeString(
        folder.resolve("function.c"),
        """
        #include <stdint.h>
        #include <stdio.h>
        %s
        int main(void) {
          float x;
          while (fread(&x, sizeof x, 1, stdin) == 1) {
            x = %s(x);
            fwrite(&x, sizeof x, 1, stdout);
          }
          return 0;
        }
        """
            .formatted(library.text(), function));
    Compiler.run(
        folder,
        new byte[0],
        List.of(
            "gcc",
            "-std=c99",
            "-O2",
            "-fsanitize=undefined",
            "-fno-sanitize-recover=all",
            "-o",
            "function",
            "function.c"));
    ByteBuffer in = ByteBuffer.allocate(COUNT * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < COUNT; i++) {
      in.putFloat(x(i, from, to));
    }
    byte[] out = Compiler.run(folder, in.array(), List.of(folder.resolve("function").toString()));
    float[] values = new float[COUNT];
    ByteBuffer.wrap(out).order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
    return values;
  }

  private static float x(int i, double from, double to) {
    return (float) (from + (to - from) * i / (COUNT - 1));
  }

  private void check(String function, double from, double to, DoubleUnaryOperator expected)
      throws IOException {
    float[] values = values(function, from, to);
    for (int i = 0; i < COUNT; i++) {
      double x = x(i, from, to);
      double value = expected.applyAsDouble(x);
      assertThat(Math.abs(values[i] - value))
          .as("%s(%s) = %s, not %s", function, x, values[i], value)
          .isLessThanOrEqualTo(RELATIVE * Math.abs(value));
    }
  }

  @Test
  void exponentials() throws IOException {
    check("exponential", -80, 88, StrictMath::exp);
    check("exponential_less_1", -20, 20, StrictMath::expm1);
    check("sigmoid", -80, 80, x -> 1 / (1 + StrictMath.exp(-x)));
    check("hyperbolic_tangent", -20, 20, StrictMath::tanh);
    check("hyperbolic_tangent", -0.5, 0.5, StrictMath::tanh);
    check(
        "softplus", -60, 60, x -> Math.max(0, x) + StrictMath.log1p(StrictMath.exp(-Math.abs(x))));
  }

  @Test
  void logarithms() throws IOException {
    // Relative to at least 1/10: ln(1 + x) of x in the last digit is not what sums are of.
    float[] values = values("logarithm", 1, 5000);
    for (int i = 0; i < COUNT; i++) {
      double expected = StrictMath.log(x(i, 1, 5000));
      assertThat(Math.abs(values[i] - expected))
          .isLessThanOrEqualTo(RELATIVE * Math.max(0.1, expected));
    }
  }

  @Test
  void roots() throws IOException {
    check("root", 1e-12, 1e-6, Math::sqrt);
    check("root", 1e-3, 1e6, Math::sqrt);
  }

  /** Far below zero it is next to nothing: what counts is how far it is from what it should be. */
  @Test
  void gaussianErrorLinearUnits() throws IOException {
    float[] values = values("gelu", -12, 12);
    Elementwise gelu = Elementwise.of(Elementwise.Function.GELU);
    for (int i = 0; i < COUNT; i++) {
      double expected = gelu.of(x(i, -12, 12));
      assertThat(Math.abs(values[i] - expected))
          .isLessThanOrEqualTo(RELATIVE * Math.max(0.1, Math.abs(expected)));
    }
  }

  @Test
  void whatIsTooLargeOrNoNumberIsNoError() throws IOException {
    assertThat(values("exponential", -1e9, 1e9)).doesNotContain(Float.NaN);
    assertThat(values("exponential", Double.NaN, Double.NaN)).containsOnly(Float.NaN);
    assertThat(values("hyperbolic_tangent", -1e9, 1e9)).startsWith(-1f).endsWith(1f);
  }
}
