package dev.pare.spec;

import dev.pare.candidate.StageSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A setting of students or of a teacher's training, described once: reading it, writing it, varying
 * it and leaving out what makes no difference follow from this. Its default, unit and explanation
 * are in pare-reference.conf.
 *
 * @param <T> of its values
 */
final class Setting<T> {
  private final String key;
  private final Domain<T> domain;
  private final List<RecordPath> paths;
  private @Nullable String dimension;
  private boolean optional;
  private @Nullable T unset;
  private boolean free;
  private @Nullable Effect effect;

  /**
   * @param path where the value lies in the stage
   * @param value that a stage goes by, of the stage and of what it is set to
   */
  private record Effect(
      Class<?> stage, RecordPath path, BiFunction<Object, Object, @Nullable Object> value) {}

  /**
   * A setting that must be set, is no dimension, and always matters.
   *
   * @param key within {@code student}
   * @param paths where it lies in a {@link StudentSpec}; the same value at all of them
   */
  Setting(String key, Domain<T> domain, String... paths) {
    this(StudentSpec.class, "student." + key, domain, paths);
  }

  private Setting(Class<?> owner, String key, Domain<T> domain, String... paths) {
    this.key = key;
    this.domain = domain;
    this.paths = Stream.of(paths).map(path -> new RecordPath(owner, path)).toList();
  }

  /**
   * The same of a teacher that is trained.
   *
   * @param key within {@code teacher}
   * @param component of {@link TeacherSpec.Train}
   */
  static <T> Setting<T> ofTeacher(String key, Domain<T> domain, String component) {
    return new Setting<>(TeacherSpec.Train.class, "teacher." + key, domain, component);
  }

  /** Sweeps can vary it by this name. */
  Setting<T> dimension(String name) {
    dimension = name;
    return this;
  }

  /** It need not be set, and is {@code value} then. */
  Setting<T> otherwise(@Nullable T value) {
    optional = true;
    unset = value;
    return this;
  }

  /** None of its values contradicts any of another setting; without this all are tried. */
  Setting<T> free() {
    free = true;
    return this;
  }

  /**
   * It does not always make a difference.
   *
   * @param stage whose setting it is
   * @param value that the stage goes by, of the stage and of what it is set to: one and the same
   *     for all that would do the same
   */
  @SuppressWarnings("unchecked")
  <S extends StageSettings> Setting<T> effect(Class<S> stage, BiFunction<S, T, @Nullable T> value) {
    RecordPath path =
        paths.stream().filter(p -> p.first() == stage).findFirst().orElseThrow().rest();
    effect = new Effect(stage, path, (settings, set) -> value.apply(stage.cast(settings), (T) set));
    return this;
  }

  /** Its whole key. */
  String key() {
    return key;
  }

  Domain<T> domain() {
    return domain;
  }

  /** Its name among dimensions, if it is one. */
  Optional<String> dimension() {
    return Optional.ofNullable(dimension);
  }

  /** Whether it combines with whatever other settings are. */
  boolean isFree() {
    return free;
  }

  /** What a configuration says for it; null where it would say nothing. */
  @Nullable Object text(Record owner) {
    Object value = paths.get(0).of(owner);
    return optional && Objects.equals(value, unset) ? null : value;
  }

  /** What a student has of it, in its one spelling; null if it is not set. */
  @Nullable String spelled(Record owner) {
    Object value = paths.get(0).of(owner);
    return value == null ? null : Domain.format(value);
  }

  /** Takes the value of a configuration into {@code values}. */
  void read(Settings settings, Map<RecordPath, @Nullable Object> values) {
    T value = optional ? settings.find(key, domain).orElse(unset) : settings.read(key, domain);
    paths.forEach(path -> values.put(path, value));
  }

  /**
   * A student with another value.
   *
   * @param value as the domain reads it
   */
  StudentSpec with(StudentSpec student, String value) {
    T read = domain.of(value);
    Map<RecordPath, @Nullable Object> values = new HashMap<>();
    paths.forEach(path -> values.put(path, read));
    return RecordPath.copy(student, values);
  }

  /** Takes the value that a stage goes by into {@code values}, if it is one of its settings. */
  void effect(StageSettings stage, Map<RecordPath, @Nullable Object> values) {
    if (effect != null && effect.stage.isInstance(stage)) {
      values.put(effect.path, effect.value.apply(stage, effect.path.of(stage)));
    }
  }

  @Override
  public String toString() {
    return key;
  }
}
