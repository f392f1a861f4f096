package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BlasTest {
  /** More products than the two tables of one OpenBLAS have places for buffers, 128 and 512. */
  private static final int MANY = 700;

  /** Large enough that OpenBLAS takes a buffer. */
  private static final int SIDE = 128;

  /** Does what its arguments name, one after the other, in a JVM of its own. */
  public static void main(String[] actions) {
    for (String action : actions) {
      switch (action) {
        case "Blas" -> System.out.println("Blas: " + small());
        case "Blas-many" -> System.out.println("Blas-many: " + many());
        case "ND4J" -> System.out.println("ND4J: " + Nd4j.create(new float[] {1, 2}).sumNumber());
        case "ND4J-many" -> System.out.println("ND4J-many: " + manyOfNd4j());
        case "LAPACK-many" -> System.out.println("LAPACK-many: " + manyOfLapack());
        case "copies" -> System.out.println(Blas.copies() ? "copied" : "in place");
        case "threads" -> System.out.println("threads: " + threads());
        default -> throw new IllegalArgumentException(action);
      }
    }
  }

  private static String small() {
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
    return Arrays.toString(product);
  }

  private static float many() {
    float[] ones = new float[SIDE * SIDE];
    Arrays.fill(ones, 1);
    float[] product = new float[SIDE * SIDE];
    for (int i = 0; i < MANY; i++) {
      Blas.multiply(
          Blas.Form.PLAIN,
          Blas.Form.TRANSPOSE,
          SIDE,
          SIDE,
          SIDE,
          ones,
          0,
          SIDE,
          ones,
          0,
          SIDE,
          0,
          product,
          0,
          SIDE);
    }
    return product[SIDE * SIDE - 1];
  }

  private static float manyOfNd4j() {
    INDArray ones = Nd4j.ones(SIDE, SIDE);
    INDArray product = ones;
    for (int i = 0; i < MANY; i++) {
      product = ones.mmul(ones);
    }
    return product.getFloat(SIDE - 1, SIDE - 1);
  }

  private static float manyOfLapack() {
    float last = 0;
    for (int i = 0; i < MANY; i++) {
      INDArray four = Nd4j.eye(SIDE).muli(4);
      Nd4j.getBlasWrapper().lapack().potrf(four, true);
      last = four.getFloat(SIDE - 1, SIDE - 1);
    }
    return last;
  }

  private static int threads() {
    String library =
        Path.of(Loader.load(openblas_nolapack.class))
            .resolveSibling("libopenblas_nolapack.so.0")
            .toString();
    return NativeLibrary.getInstance(library, Map.of(Library.OPTION_OPEN_FLAGS, 1))
        .getFunction("openblas_get_num_threads")
        .invokeInt(new Object[0]);
  }

  private static String run(Path cache, String... actions)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + cache.resolve("crash.log"),
                "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                "-cp",
                System.getProperty("java.class.path"),
                BlasTest.class.getName()));
    command.addAll(List.of(actions));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.endsWith("_NUM_THREADS"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void bindsWhereNothingWasUnpackedBefore(@TempDir Path cache)
      throws IOException, InterruptedException {
    assertThat(run(cache, "Blas", "copies", "threads"))
        .contains("[23.0, 34.0, 31.0, 46.0]", "in place", "threads: 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ND4J Blas Blas-many ND4J-many LAPACK-many",
        "ND4J Blas ND4J-many Blas-many LAPACK-many",
        "ND4J Blas LAPACK-many ND4J-many Blas-many",
        "ND4J-many Blas-many LAPACK-many ND4J-many",
        "ND4J LAPACK-many Blas-many ND4J-many",
        "Blas ND4J-many Blas-many LAPACK-many",
        "Blas-many ND4J LAPACK-many ND4J-many"
      })
  void sharesAJvmWithNd4jWhicheverComesFirst(String order, @TempDir Path cache)
      throws IOException, InterruptedException {
    String said = run(cache, (order + " copies threads").split(" "));

    assertThat(said).doesNotContain("Bad memory").contains("in place", "threads: 1");
    assertThat(said)
        .contains("Blas-many: " + (float) SIDE, "ND4J-many: " + (float) SIDE, "LAPACK-many: 2.0");
  }
}
