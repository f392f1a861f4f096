package dev.pare.layers;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Matrix products of heap arrays by OpenBLAS, without copying them.
 *
 * <p>The library is the copy that ND4J multiplies by; the way to it is netlib's JNI binding, which
 * Spark brings and which pins Java arrays for the time of a call. Where something else in this JVM
 * has bound netlib to another library before, the products go through JavaCPP, which copies:
 * slower, but the same bits.
 *
 * <p>ND4J loads OpenBLAS twice, from two files: one for products and one for LAPACK. Netlib makes
 * the symbols of what it opens global, and a copy that was loaded before but has not called one of
 * its functions yet finds the other's from then on: it would take buffers from its own table and
 * return them to the other's, until both are used up and the process dies. Therefore each copy
 * takes and returns a buffer of its own before netlib opens one. ND4J is initialized first, so that
 * there is one order, whichever of Pare and ND4J a program calls first.
 */
public final class Blas {
  private static final Logger LOG = LoggerFactory.getLogger(Blas.class);

  /** A multiple of the columns that any of OpenBLAS's kernels takes at a time. */
  private static final int COLUMN_BLOCK = 24;

  /** Multiplications and additions; OpenBLAS's kernels for small products do at most 10⁶. */
  private static final long LEAST_PART = 1 << 21;

  private static final String LIBRARY_PROPERTY = "dev.ludovic.netlib.blas.nativeLibPath";
  private static final int COLUMN_MAJOR = 102;
  private static final int AS_IT_IS = 111;
  private static final int TRANSPOSED = 112;

  /** RTLD_LAZY without RTLD_GLOBAL, which would be JNA's default. */
  private static final int LAZY_AND_LOCAL = 1;

  private static final java.util.logging.Logger NETLIB_LOG =
      java.util.logging.Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

  private static final Product COPYING = Blas::copying;
  private static final Product PRODUCT = bind();

  private Blas() {}

  /** Whether products copy their arrays, since netlib could not be bound. */
  static boolean copies() {
    return PRODUCT == COPYING;
  }

  /** Whether a matrix takes part transposed. */
  public enum Form {
    PLAIN("N", AS_IT_IS),
    TRANSPOSE("T", TRANSPOSED);

    private final String letter;
    private final int code;

    Form(String letter, int code) {
      this.letter = letter;
      this.code = code;
    }
  }

  /** A matrix in an array, column-major. */
  private interface Product {
    void compute(
        Form formA,
        Form formB,
        int m,
        int n,
        int k,
        float alpha,
        float[] a,
        int fromA,
        int strideA,
        float[] b,
        int fromB,
        int strideB,
        float beta,
        float[] c,
        int fromC,
        int strideC);
  }

  /**
   * {@code C = form(A)·form(B) + beta·C}, all column-major: {@code C} is {@code m×n}, {@code
   * form(A)} is {@code m×k}, and the strides lead from a column to the next.
   */
  public static void multiply(
      Form formA,
      Form formB,
      int m,
      int n,
      int k,
      float[] a,
      int fromA,
      int strideA,
      float[] b,
      int fromB,
      int strideB,
      float beta,
      float[] c,
      int fromC,
      int strideC) {
    multiplyScaled(
        1, formA, formB, m, n, k, a, fromA, strideA, b, fromB, strideB, beta, c, fromC, strideC);
  }

  /** {@code C = alpha·form(A)·form(B) + beta·C}. */
  static void multiplyScaled(
      float alpha,
      Form formA,
      Form formB,
      int m,
      int n,
      int k,
      float[] a,
      int fromA,
      int strideA,
      float[] b,
      int fromB,
      int strideB,
      float beta,
      float[] c,
      int fromC,
      int strideC) {
    if (isWorthDividing(formB, m, n, k)) {
      Team.each(
          part -> {
            int from = column(part, n);
            int columns = column(part + 1, n) - from;
            PRODUCT.compute(
                formA,
                formB,
                m,
                columns,
                k,
                alpha,
                a,
                fromA,
                strideA,
                b,
                fromB + from * strideB,
                strideB,
                beta,
                c,
                fromC + from * strideC,
                strideC);
          });
      return;
    }
    PRODUCT.compute(
        formA, formB, m, n, k, alpha, a, fromA, strideA, b, fromB, strideB, beta, c, fromC,
        strideC);
  }

  /**
   * Products that are cut between columns have the bits of whole ones, if the cuts are where
   * OpenBLAS would go on with the next block of columns, and if no part is so small that it has
   * another kernel. Netlib takes the columns of B for cut off where these are rows in memory.
   */
  private static boolean isWorthDividing(Form formB, int m, int n, int k) {
    return Team.isThere()
        && formB == Form.PLAIN
        && n >= Team.PARTS * COLUMN_BLOCK
        && (long) m * k * (n / Team.PARTS - COLUMN_BLOCK) >= LEAST_PART;
  }

  /** Where a part of a product begins. */
  private static int column(int part, int n) {
    return part == Team.PARTS
        ? n
        : (int) ((long) n * part / Team.PARTS) / COLUMN_BLOCK * COLUMN_BLOCK;
  }

  private static Product bind() {
    // It warns of every implementation that this JVM has no use for.
    NETLIB_LOG.setLevel(java.util.logging.Level.OFF);
    // It chooses a number of threads for the copy it multiplies by when it is first used.
    Nd4j.factory().blas();
    String jni = Loader.load(openblas_nolapack.class);
    String library = Path.of(jni).resolveSibling("libopenblas_nolapack.so.0").toString();
    oneThread(library);
    bindBuffers();
    String former = System.getProperty(LIBRARY_PROPERTY);
    System.setProperty(LIBRARY_PROPERTY, library);
    try {
      NativeBLAS netlib = NativeBLAS.getInstance();
      Product pinned =
          (formA,
              formB,
              m,
              n,
              k,
              alpha,
              a,
              fromA,
              strideA,
              b,
              fromB,
              strideB,
              beta,
              c,
              fromC,
              strideC) ->
              netlib.sgemm(
                  formA.letter,
                  formB.letter,
                  m,
                  n,
                  k,
                  alpha,
                  a,
                  fromA,
                  strideA,
                  b,
                  fromB,
                  strideB,
                  beta,
                  c,
                  fromC,
                  strideC);
      if (agree(pinned, COPYING)) {
        return pinned;
      }
      LOG.warn("netlib was bound to another library before; matrix products will be slower");
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("netlib cannot be bound to OpenBLAS; matrix products will be slower", e);
    } finally {
      if (former == null) {
        System.clearProperty(LIBRARY_PROPERTY);
      } else {
        System.setProperty(LIBRARY_PROPERTY, former);
      }
    }
    return COPYING;
  }

  /**
   * Has each of the two copies take a buffer and return it, which binds both functions to the copy
   * itself.
   */
  private static void bindBuffers() {
    // Smaller products have kernels that need no buffer.
    int side = 256;
    float[] zeros = new float[side * side];
    FloatBuffer matrix = FloatBuffer.wrap(zeros);
    float[] product = new float[zeros.length];
    copying(
        Form.PLAIN,
        Form.PLAIN,
        side,
        side,
        side,
        1,
        zeros,
        0,
        side,
        zeros,
        0,
        side,
        0,
        product,
        0,
        side);
    openblas.cblas_sgemm(
        COLUMN_MAJOR,
        AS_IT_IS,
        AS_IT_IS,
        side,
        side,
        side,
        1,
        matrix,
        side,
        matrix,
        side,
        0,
        FloatBuffer.wrap(product),
        side);
  }

  /**
   * A product is one thread's, since cut for more it would be summed in another order: bits would
   * depend on how many processors a machine has. Where tasks share processors, it is faster too.
   */
  private static void oneThread(String library) {
    try {
      NativeLibrary.getInstance(library, Map.of(Library.OPTION_OPEN_FLAGS, LAZY_AND_LOCAL))
          .getFunction("openblas_set_num_threads")
          .invoke(new Object[] {1});
    } catch (LinkageError e) {
      LOG.warn("OpenBLAS cannot be told to use one thread; set OMP_NUM_THREADS=1", e);
    }
  }

  /** Two libraries, or two kernels of one, would hardly round a long sum alike in every place. */
  private static boolean agree(Product one, Product other) {
    int side = 37;
    float[] a = new float[side * side];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) StrictMath.sin(i);
    }
    float[] first = new float[a.length];
    float[] second = new float[a.length];
    one.compute(
        Form.PLAIN, Form.TRANSPOSE, side, side, side, 1, a, 0, side, a, 0, side, 0, first, 0, side);
    other.compute(
        Form.PLAIN,
        Form.TRANSPOSE,
        side,
        side,
        side,
        1,
        a,
        0,
        side,
        a,
        0,
        side,
        0,
        second,
        0,
        side);
    return Arrays.equals(first, second);
  }

  private static void copying(
      Form formA,
      Form formB,
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int fromA,
      int strideA,
      float[] b,
      int fromB,
      int strideB,
      float beta,
      float[] c,
      int fromC,
      int strideC) {
    openblas_nolapack.cblas_sgemm(
        COLUMN_MAJOR,
        formA.code,
        formB.code,
        m,
        n,
        k,
        alpha,
        FloatBuffer.wrap(a, fromA, a.length - fromA),
        strideA,
        FloatBuffer.wrap(b, fromB, b.length - fromB),
        strideB,
        beta,
        FloatBuffer.wrap(c, fromC, c.length - fromC),
        strideC);
  }
}
