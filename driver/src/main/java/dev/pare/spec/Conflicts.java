package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Prune;
import dev.pare.candidate.Start;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.model.NamedArchitecture;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds settings that are good each by itself and make no sense together. */
final class Conflicts {
  /** Side of the images that stand for the data's, which are not read yet; in patches, if any. */
  private static final int SIDE = 64;

  private final Settings settings;
  private final TeacherSpec teacher;
  private final StudentSpec student;
  private final Map<String, ArchitectureSpec> architectures;

  /** The layers of the teacher and of students that begin otherwise, as far as they are known. */
  private final Map<String, Architecture> layers = new HashMap<>();

  /**
   * @param architectures that students may begin with, by their names
   */
  Conflicts(
      Settings settings,
      TeacherSpec teacher,
      Map<String, ArchitectureSpec> architectures,
      StudentSpec student) {
    this.settings = requireNonNull(settings, "settings is null");
    this.teacher = requireNonNull(teacher, "teacher is null");
    this.student = requireNonNull(student, "student is null");
    this.architectures = requireNonNull(architectures, "architectures is null");
    if (teacher instanceof TeacherSpec.Train train) {
      resolved(train.architecture()).ifPresent(own -> layers.put(Start.TEACHER, own));
    }
    architectures.forEach(
        (name, one) ->
            Optional.ofNullable(one.named())
                .flatMap(Conflicts::resolved)
                .ifPresent(own -> layers.put(name, own)));
  }

  /** The layers, which data of other sizes do not change; none if even such data do not suit it. */
  private static Optional<Architecture> resolved(NamedArchitecture architecture) {
    int patch = architecture.sizes().getOrDefault(NamedArchitecture.Size.PATCH, 1);
    try {
      int side = Math.multiplyExact(SIDE, patch);
      return Optional.of(architecture.resolve(new InputShape(1, side, side, 1), 2));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** Reports each conflict of some candidate, where the candidate comes from. */
  void report(Map<Dimension, List<String>> space, List<Map<Dimension, String>> points) {
    if (!space.isEmpty() || points.isEmpty()) {
      Map<Dimension, List<String>> concerned = new TreeMap<>();
      space.forEach(
          (dimension, values) -> {
            if (!dimension.isFree()) {
              concerned.put(dimension, dimension.telling(values));
            }
          });
      if (SweepSpec.combinations(concerned) > SweepSpec.MOST_CANDIDATES) {
        settings.reject(
            "space",
            "has more than %d combinations of %s, which do not all go together"
                .formatted(SweepSpec.MOST_CANDIDATES, concerned.keySet()));
        return;
      }
      Set<String> conflicts = new LinkedHashSet<>();
      expand(List.copyOf(concerned.entrySet()), 0, student, conflicts);
      for (String conflict : conflicts) {
        if (space.keySet().stream().anyMatch(dimension -> names(conflict, dimension))) {
          settings.reject("space", conflict + "; combinations of one's own belong in points");
        } else {
          settings.reject(section(conflict), conflict);
        }
      }
    }
    for (int i = 0; i < points.size(); i++) {
      StudentSpec spec = student;
      for (Map.Entry<Dimension, String> entry : points.get(i).entrySet()) {
        spec = spec.with(entry.getKey(), entry.getValue());
      }
      int index = i;
      conflict(spec).ifPresent(conflict -> settings.rejectElement("points", index, conflict));
    }
  }

  /** Conflicts name the settings that they are between. */
  private static boolean names(String conflict, Dimension dimension) {
    return Pattern.compile("\\b" + dimension.key() + "\\b").matcher(conflict).find();
  }

  /** Where a conflict comes from that no dimension of the space has a part in. */
  private String section(String conflict) {
    if (conflict.startsWith("architecture")) {
      return "student.architecture";
    }
    if (conflict.startsWith("width")) {
      return "student.width";
    }
    if (conflict.startsWith("activation-bits") || conflict.startsWith("quantizer")) {
      return "student.quantize";
    }
    return conflict(student.with(new Dimension("factorize"), "none")).isPresent()
        ? "student.prune"
        : "student.factorize";
  }

  private void expand(
      List<Map.Entry<Dimension, List<String>>> dimensions,
      int depth,
      StudentSpec spec,
      Set<String> conflicts) {
    if (depth == dimensions.size()) {
      conflict(spec).ifPresent(conflicts::add);
      return;
    }
    for (String value : dimensions.get(depth).getValue()) {
      StudentSpec next = spec.with(dimensions.get(depth).getKey(), value);
      expand(dimensions, depth + 1, next, conflicts);
    }
  }

  private Optional<String> conflict(StudentSpec spec) {
    Optional<String> own = spec.conflict();
    if (own.isPresent()) {
      return own;
    }
    if (spec.prune().schedule() == Prune.Schedule.REWIND
        && teacher.kind() == TeacherSpec.Kind.LOAD) {
      return Optional.of("schedule = rewind: needs a teacher that Pare trains from its beginning");
    }
    ArchitectureSpec begun = architectures.get(spec.start().architecture());
    if (begun != null
        && begun.weights() == ArchitectureSpec.Weights.FILE
        && spec.start().width() < 1) {
      return Optional.of(
          "width = %s: needs architectures.%s.weights = random; of a file's, granularity = unit takes units out"
              .formatted(Domain.format(spec.start().width()), spec.start().architecture()));
    }
    return Optional.ofNullable(layers.get(spec.start().architecture()))
        .flatMap(
            network ->
                Stream.of(
                        spec.activate(),
                        spec.factorize(),
                        spec.regularize(),
                        spec.prune(),
                        spec.quantize(),
                        spec.encode())
                    .flatMap(settings -> NetworkFit.problem(settings, network).stream())
                    .findFirst());
  }
}
