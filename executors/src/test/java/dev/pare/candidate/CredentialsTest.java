package dev.pare.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3a://KEY:SECRET@bucket/x | s3a://***@bucket/x",
        "s3a://KEY:1/SE+CR/ET=@bucket/x | s3a://***@bucket/x",
        "in hdfs://me:pass@host:8020/x: no such file | in hdfs://***@host:8020/x: no such file",
        "https://me:pa/ss@host/x | https://***@host/x",
        "hdfs://user:hunt@er2@127.0.0.1:9/t.csv | hdfs://***@127.0.0.1:9/t.csv",
        "http://token@127.0.0.1:8765/t.csv | http://***@127.0.0.1:8765/t.csv",
        "hdfs://me:12/a@host | hdfs://***@host",
        "hdfs://me:1023/a@host/x | hdfs://***@host/x",
        "hdfs://me:12/34@host/x | hdfs://***@host/x",
        "hdfs://me:8020/3/4@host:9/x | hdfs://***@host:9/x",
        "hdfs://me:8020/a/b@host:9/x | hdfs://***@host:9/x",
        "hdfs://me:0123/a@host/x | hdfs://***@host/x",
        "webhdfs://me:99999/a@host/x | webhdfs://***@host/x",
        "ftp://me:1234/a@host/x | ftp://***@host/x",
        "sftp://me:1234/a@host/x | sftp://***@host/x",
        "a=s3n://K:S@b c=s3://L:T@d | a=s3n://***@b c=s3://***@d",
        "https://h/x?user=a&AccessKey=abc&n=1 | https://h/x?user=a&AccessKey=***&n=1",
        "https://h/x?sig=abc | https://h/x?sig=***"
      })
  void areMaskedInUris(String text, String masked) {
    assertThat(Credentials.masked(text)).isEqualTo(masked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdfs://host:8020/a@b",
        "hdfs://host:1024/a@b",
        "http://host:80/a@b",
        "https://host:443/a@b",
        "hdfs://host:65535/a@b/c",
        "http://host:4873/@scope/x",
        "hdfs://me@host/x",
        "abfs://container@account.dfs.core.windows.net/x",
        "s3a://bucket/a:b@c",
        "student.epochs = 5 (x.conf:3): must be",
        "file:///a/b@c?size=1"
      })
  void whatIsNoneStays(String text) {
    assertThat(Credentials.masked(text)).isEqualTo(text);
  }

  @Test
  void ofTheEnvironmentAreMaskedWhereverTheyStand() {
    List<String> values =
        Credentials.values(
            Map.of(
                "DB_PASSWORD", "hunter2",
                "MY_TOKEN", "hunter2-and-more",
                "KEYMAP", "us",
                "KEY_FILE", "/etc/keys",
                "LANGUAGE", "english"));

    assertThat(values).containsExactly("hunter2-and-more", "hunter2");
    assertThat(Credentials.masked("file:///x/hunter2-and-more/hunter2/us: no such file", values))
        .isEqualTo("file:///x/***/***/us: no such file");
  }

  @Test
  void variablesThatConfigurationsReferToAreNamedInMessages() {
    String name = System.getenv("PATH") == null ? "HOME" : "PATH";
    String value = System.getenv(name);

    Credentials.referTo(name);
    Credentials.referTo("PARE_NONE");

    assertThat(Credentials.inMessage("file:///x/" + value + ": no such file"))
        .isEqualTo("file:///x/${" + name + "}: no such file");
    assertThat(Credentials.masked(value)).isEqualTo(value);
  }

  @Test
  void areKnownByTheirNames() {
    assertThat(
            new String[] {
              "my.password", "AWS_SECRET", "fs.s3a.access.key", "apiToken", "DB_PWD", "DB_PASS"
            })
        .allMatch(Credentials::areNamed);
    assertThat(new String[] {"sweep.keep-runs", "HOME", "data.csv.header"})
        .noneMatch(Credentials::areNamed);
  }
}
