package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.LocalSpark;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.pipeline.TeacherStage;
import dev.pare.prepare.Preparation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network of ten tokens that was never trained, and data that it cannot read, or not tell. */
class UnsuitedTeacherTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void open() {
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private String conf(String test) throws IOException {
    Path model = folder.resolve("tokens.pare");
    Architecture tokens =
        new Architecture(
            new InputShape(6, 1, 1, 1),
            List.of(new Embedding(10, 4), new Dense(3, Activation.SOFTMAX)));
    Files.write(model, TeacherStage.file(Initialization.random(tokens, 1), Preparation.NONE));
    return Files.writeString(
            folder.resolve("x.conf"),
            """
            sweep.out = out
            data { format = csv, csv.label-column = -1, validation = 60 }
            data.train.features = "%s"
            data.test.features = "%s"
            teacher.model = tokens.pare
            space { sparsity = [0.5] }
            student { epochs = 1, quantize.epochs = 1 }
            """
                .formatted(tokens("train.csv", ""), tokens("test.csv", test)))
        .toString();
  }

  private Path tokens(String name, String end) throws IOException {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      for (int step = 0; step < 6; step++) {
        lines.append(random.nextInt(10)).append(',');
      }
      lines.append(i % 3).append('\n');
    }
    return Files.writeString(folder.resolve(name), lines + end);
  }

  @Test
  void tokensThatItDoesNotHaveAreRefusedBeforeAnythingIsTrained() throws IOException {
    String conf = conf("1,2,3,4,31,6,0\n");
    String problem =
        "test.csv: example 301, feature 5: 31 is no token of the network, which reads whole"
            + " numbers from 0 to 9 there";

    assertThat(run("plan", conf)).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).startsWith("pare: data.test.features = ").contains(problem);
    assertThat(run("sweep", conf)).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString().lines())
        .last()
        .asString()
        .startsWith("pare: data.test.features = ")
        .endsWith(problem);
    assertThat(err.toString()).doesNotContain("Exception", "candidate");
  }

  @Test
  void aTeacherThatOnlyGuessesIsSaidToDoSo() throws IOException {
    assertThat(run("sweep", conf(""))).as(err.toString()).isZero();
    assertThat(err.toString())
        .contains(
            "teacher: no better than guessing, which has a validation error of 66.67%: are the"
                + " order of classes, data.divisor and the data's scale what it was trained with?");
  }

  /** Test labels that are those of other examples. */
  @Test
  void aTeacherThatOnlyGuessesOnTestDataIsSaidToDoSo() throws IOException {
    for (int shift = 0; shift < 2; shift++) {
      StringBuilder train = new StringBuilder();
      StringBuilder test = new StringBuilder();
      SplittableRandom random = new SplittableRandom(7);
      for (int i = 0; i < 600; i++) {
        double feature = random.nextGaussian();
        int label = feature > 0 ? 1 : 0;
        (i < 400 ? train : test)
            .append(
                "%s,%s,%d%n"
                    .formatted(feature, random.nextGaussian(), i < 400 ? label : label ^ shift));
      }
      Files.writeString(folder.resolve("train.csv"), train);
      Files.writeString(folder.resolve("test.csv"), test);
      Path conf =
          Files.writeString(
              folder.resolve("y.conf"),
              """
              sweep.out = out%d
              data { format = csv, csv.label-column = -1, validation = 100 }
              data.train.features = train.csv
              data.test.features = test.csv
              teacher { architecture = mlp, widths = [8], epochs = 20, batch = 16, learning-rate = 0.01 }
              space { sparsity = [0.5] }
              student { epochs = 1, quantize.epochs = 1 }
              """
                  .formatted(shift));

      assertThat(run("sweep", conf.toString())).as(err.toString()).isZero();
      String doubt = "teacher: no better than guessing on test data, whose error is ";
      if (shift == 0) {
        assertThat(err.toString()).doesNotContain("no better than guessing");
      } else {
        assertThat(err.toString()).contains(doubt).contains("do data.test's labels belong to its");
      }
    }
  }
}
