package dev.pare.run;

import dev.pare.data.DataException;
import dev.pare.report.ModelFile;
import dev.pare.spec.SweepSpec;
import dev.pare.spec.TeacherSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;

/** A teacher's or student's file that lies among a sweep's results, which say what it is. */
public final class ListedTeacher {
  private ListedTeacher() {}

  /**
   * Looks whether {@code teacher.model}, and what else candidates may begin with, is what the
   * sweep's frontier has under its name, if it lies among a sweep's results.
   *
   * @throws DataException if another file lies there
   */
  public static void check(SweepSpec spec, Configuration hadoop) {
    if (spec.teacher() instanceof TeacherSpec.Load teacher) {
      check("teacher.model", teacher.model(), hadoop);
    }
    spec.architecturesInUse()
        .forEach(
            (name, one) -> {
              if (one.model() != null) {
                check("architectures." + name + ".model", one.model(), hadoop);
              }
            });
  }

  private static void check(String key, String model, Configuration hadoop) {
    String setting = key + " = " + model + ": ";
    try {
      ModelFile.check(model, hadoop);
    } catch (ModelFile.OtherFileException e) {
      throw new DataException(setting + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(setting + e.getMessage(), e);
    }
  }
}
