package dev.pare.codec;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * How many million weights a second the coder codes, on ten million of them, one thread: {@code mvn
 * -q -pl executors/runtime test -Dtest=CodecBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class CodecBenchmark {
  private static final int ROWS = 2500;
  private static final int COLUMNS = 4000;
  private static final int LEVELS = ROWS * COLUMNS;

  @Param({"0.01", "0.1", "0.3"})
  double density = 0.1;

  private final LevelCoder coder = LevelCoding.CONTEXT_ARITHMETIC.coder();
  private LevelMatrix levels = new LevelMatrix(1, 1, new short[1]);
  private byte[] code = {};

  @Setup
  public void makeLevels() {
    levels = RandomLevels.independent(new SplittableRandom(1), ROWS, COLUMNS, density, 7);
    code = coder.encode(levels).bytes();
  }

  @Benchmark
  @OperationsPerInvocation(LEVELS)
  public EncodedLevels encode() {
    return coder.encode(levels);
  }

  @Benchmark
  @OperationsPerInvocation(LEVELS)
  public DecodedLevels decode() {
    return coder.decode(code, ROWS, COLUMNS);
  }

  @Test
  void run() throws RunnerException {
    new Runner(new OptionsBuilder().include(CodecBenchmark.class.getName()).build()).run();
  }
}
