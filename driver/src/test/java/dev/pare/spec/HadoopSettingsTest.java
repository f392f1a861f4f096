package dev.pare.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HadoopSettingsTest {
  private static final String PROPERTY = "spark.hadoop.fs.s3a.endpoint";

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void whatSparkWasToldOfHadoopCounts() {
    System.setProperty(PROPERTY, "http://storage:9000");

    assertThat(HadoopSettings.load().get("fs.s3a.endpoint")).isEqualTo("http://storage:9000");
  }
}
