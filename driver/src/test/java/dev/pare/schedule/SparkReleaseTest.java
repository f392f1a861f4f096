package dev.pare.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkReleaseTest {
  private static final SparkRelease OLDER = new SparkRelease("3.5.5", "2.12");
  private static final SparkRelease NEWER = new SparkRelease("4.0.1", "2.13");

  @Test
  void theSparkOfTheBuildIsTheOneOnItsClassPath() {
    assertThatCode(SparkRelease::check).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"spark.remote, sc://host:15002", "spark.api.mode, connect"})
  void aClientOfSparkConnectIsNoDriver(String property, String value) {
    System.setProperty(property, value);
    try {
      assertThatExceptionOfType(SparkMisfitException.class)
          .isThrownBy(SparkRelease::checkJvm)
          .withMessageStartingWith("a client of Spark Connect has no SparkContext");
    } finally {
      System.clearProperty(property);
    }
    assertThatCode(SparkRelease::checkJvm).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"3.5.5, 2.12.18", "3.5.9, 2.12.20", "3.5.1-vendor-7, 2.12.15"})
  void anotherReleaseOfTheSameScalaWillDo(String spark, String scala) {
    assertThat(OLDER.misfit(new SparkRelease(spark, scala))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"4.0.0, 2.13.16", "4.2.0, 2.13.18"})
  void aJarForSpark4RunsOnAllOfThem(String spark, String scala) {
    assertThat(NEWER.misfit(new SparkRelease(spark, scala))).isEmpty();
  }

  @Test
  void aJarForSpark3IsRefusedBySpark4AndToldHowToBuildIt() {
    assertThat(OLDER.misfit(new SparkRelease("4.0.1", "2.13.16")))
        .contains(
            "this jar is built for Spark 3.5.5 with Scala 2.12, here is Spark 4.0.1 with Scala"
                + " 2.13.16: build it by mvn clean package -DskipTests -Pspark4");
  }

  @Test
  void aJarForSpark4IsRefusedBySpark3() {
    assertThat(NEWER.misfit(new SparkRelease("3.5.5", "2.12.18")))
        .contains(
            "this jar is built for Spark 4.0.1 with Scala 2.13, here is Spark 3.5.5 with Scala"
                + " 2.12.18: build it by mvn clean package -DskipTests, without -Pspark4");
  }

  @Test
  void thereIsNoJarForSpark3WithTheScalaOfSpark4() {
    SparkRelease here = new SparkRelease("3.5.5", "2.13.8");
    assertThat(OLDER.misfit(here).orElseThrow())
        .endsWith(": take Spark 3.5 with Scala 2.12, or Spark 4");
    assertThat(NEWER.misfit(here).orElseThrow())
        .endsWith(": take Spark 3.5 with Scala 2.12, or Spark 4");
  }
}
