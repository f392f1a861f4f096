package dev.pare.report;

import dev.pare.folder.SweepFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which files that a frontier lists are no longer among the sweep's results. */
public final class MissingFiles {
  /** What to do about it; it ends a sentence. */
  public static final String REMEDY =
      "`pare sweep` with the same configuration writes what is missing";

  private static final int MOST_NAMED = 3;

  private MissingFiles() {}

  /** In one line; nothing if the teacher's file and all of the frontier's are there. */
  public static Optional<String> of(SweepFolder folder, FrontierReport report) throws IOException {
    Set<String> there = new HashSet<>();
    for (String name : folder.folder(SweepFolder.BEST).names()) {
      there.add(SweepFolder.BEST + "/" + name);
    }
    List<String> missing = new ArrayList<>();
    report.rows().stream()
        .map(FrontierRow::file)
        .filter(file -> !there.contains(file))
        .forEach(missing::add);
    String files =
        missing.isEmpty()
            ? ""
            : " %d of the frontier's %d files".formatted(missing.size(), report.rows().size());
    if (!folder.has(SweepFolder.TEACHER)) {
      missing.add(0, SweepFolder.TEACHER);
      files = files.isEmpty() ? " the teacher's file" : " the teacher's file and" + files;
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: without%s: %s%s; %s"
                .formatted(
                    folder.root(),
                    files,
                    String.join(", ", missing.subList(0, Math.min(MOST_NAMED, missing.size()))),
                    missing.size() > MOST_NAMED ? ", …" : "",
                    REMEDY));
  }
}
