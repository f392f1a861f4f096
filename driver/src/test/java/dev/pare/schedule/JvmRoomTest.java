package dev.pare.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class JvmRoomTest {
  @Test
  void executorsRunAsManyTasksAsTheyHaveCoresForEach() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.executor.memory", "6g")
            .set("spark.executor.cores", "8")
            .set("spark.task.cpus", "2");

    JvmRoom room = JvmRoom.ofExecutors(conf, 3, 12);
    assertThat(room.heapBytes()).isEqualTo(6L << 30);
    assertThat(room.slots()).isEqualTo(4);
    assertThat(room.settings()).contains("spark.executor.memory", "spark.executor.cores");
  }

  @Test
  void withoutSettingsTheyAreSparksDefaults() {
    JvmRoom room = JvmRoom.ofExecutors(new SparkConf(false), 0, 0);

    assertThat(room.heapBytes()).isEqualTo(1L << 30);
    assertThat(room.slots()).isEqualTo(1);
  }

  @Test
  void executorsThatTakeAllCoresOfTheirWorkersTellHowManyTheyHave() {
    SparkConf conf = new SparkConf(false).set("spark.task.cpus", "2");

    assertThat(JvmRoom.ofExecutors(conf, 2, 16).slots()).isEqualTo(8);
    assertThat(JvmRoom.ofExecutors(conf, 3, 7).slots()).isEqualTo(3);
    assertThat(JvmRoom.ofExecutors(conf, 3, 0).slots()).isEqualTo(1);
  }
}
