package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlasTest {
  /** Multiplies two matrices, in a JVM of its own. */
  public static void main(String[] args) {
    float[] product = new float[4];
    Blas.multiply(
        Blas.Form.PLAIN,
        Blas.Form.PLAIN,
        2,
        2,
        2,
        new float[] {1, 2, 3, 4},
        0,
        2,
        new float[] {5, 6, 7, 8},
        0,
        2,
        0,
        product,
        0,
        2);
    System.out.println(
        Arrays.toString(product)
            + (Blas.copies() ? " copied" : " in place")
            + ", threads: "
            + threads());
  }

  private static int threads() {
    String library =
        Path.of(Loader.load(openblas.class)).resolveSibling("libopenblas.so.0").toString();
    return NativeLibrary.getInstance(library)
        .getFunction("openblas_get_num_threads")
        .invokeInt(new Object[0]);
  }

  @Test
  void bindsWhereNothingWasUnpackedBefore(@TempDir Path cache)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                "-cp",
                System.getProperty("java.class.path"),
                BlasTest.class.getName())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.endsWith("_NUM_THREADS"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("[23.0, 34.0, 31.0, 46.0] in place, threads: 1");
  }
}
