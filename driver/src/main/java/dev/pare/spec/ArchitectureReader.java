package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Start;
import dev.pare.model.NamedArchitecture;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what a configuration says of a network's architecture, in the section of its owner. */
final class ArchitectureReader {
  /** The section of students' architectures. */
  static final String SECTION = "architectures";

  private static final Domain<Integer> COUNT = Domain.integers(1, Integer.MAX_VALUE);

  private final Settings settings;
  private final String section;

  /**
   * @param section that has {@code architecture}, {@code widths} and so on, or {@code model}
   */
  ArchitectureReader(Settings settings, String section) {
    this.settings = requireNonNull(settings, "settings is null");
    this.section = requireNonNull(section, "section is null");
  }

  /** Those that students may have, by their names. */
  static Map<String, ArchitectureSpec> students(Settings settings) {
    Map<String, ArchitectureSpec> architectures = new TreeMap<>();
    for (String name :
        settings.sections(
            SECTION,
            "small { architecture = mlp, widths = [32] }",
            ArchitectureReader::isName,
            "is no name for one: letters, digits, - and _ after a letter are, but not teacher")) {
      new ArchitectureReader(settings, SECTION + "." + name)
          .student()
          .ifPresent(architecture -> architectures.put(name, architecture));
    }
    return architectures;
  }

  private static boolean isName(String name) {
    return Pattern.matches(StudentSettings.ARCHITECTURE_NAME, name) && !name.equals(Start.TEACHER);
  }

  private Optional<ArchitectureSpec> student() {
    NamedArchitecture named = named();
    Optional<String> model = settings.findLocation(key("model"));
    ArchitectureSpec.Weights weights =
        settings
            .find(key("weights"), Domain.oneOf(ArchitectureSpec.Weights.class))
            .orElse(ArchitectureSpec.Weights.RANDOM);
    if (!settings.isPresent(key("model"))) {
      if (weights == ArchitectureSpec.Weights.FILE) {
        settings.reject(key("weights"), "must be random: there is no model");
      }
      return Optional.of(new ArchitectureSpec(named, null, ArchitectureSpec.Weights.RANDOM));
    }
    Stream.concat(
            Stream.of("architecture", "widths"),
            Arrays.stream(NamedArchitecture.Size.values()).map(Domain::format))
        .map(this::key)
        .filter(settings::isPresent)
        .forEach(key -> settings.reject(key, "must be left out where model is set"));
    return model.map(file -> new ArchitectureSpec(null, file, weights));
  }

  /**
   * The family of a network and its sizes; any where {@code model} is set in its place, or it is
   * wrong.
   */
  NamedArchitecture named() {
    Domain<NamedArchitecture.Name> names = Domain.oneOf(NamedArchitecture.Name.class);
    Optional<NamedArchitecture.Name> name = settings.find(key("architecture"), names);
    List<Integer> widths =
        settings.findList(key("widths"), COUNT).stream()
            .flatMap(List::stream)
            .map(Settings.Element::value)
            .toList();
    if (!settings.isPresent(key("architecture")) && !settings.isPresent(key("model"))) {
      settings.missing(
          key("architecture"),
          "must be set, to "
              + names.requirement()
              + ", or "
              + key("model")
              + " to a trained network");
    }
    if (name.isEmpty()) {
      NamedArchitecture.Size[] all = NamedArchitecture.Size.values();
      Arrays.stream(all).forEach(size -> settings.find(key(size), COUNT));
      return NamedArchitecture.of(NamedArchitecture.Name.MLP);
    }
    return named(name.get(), widths);
  }

  private NamedArchitecture named(NamedArchitecture.Name name, List<Integer> given) {
    Map<NamedArchitecture.Size, Integer> sizes = sizes(name);
    boolean chosen = settings.isPresent(key("widths"));
    if (name == NamedArchitecture.Name.MLP && !chosen) {
      settings.missing(key("widths"), "must be set for an mlp, as in [128, 128]");
    }
    List<Integer> widths = chosen ? given : name.usualWidths();
    Optional<String> problem = NamedArchitecture.widthsProblem(name, widths, sizes);
    if (problem.isPresent()) {
      if (chosen) {
        settings.reject(key("widths"), problem.get());
      } else {
        settings.reject(key("heads"), "must divide the first of widths, " + widths.get(0));
      }
      return NamedArchitecture.of(name);
    }
    return new NamedArchitecture(name, widths, sizes);
  }

  private Map<NamedArchitecture.Size, Integer> sizes(NamedArchitecture.Name name) {
    Map<NamedArchitecture.Size, Integer> sizes = new EnumMap<>(NamedArchitecture.Size.class);
    for (NamedArchitecture.Size size : NamedArchitecture.Size.values()) {
      Optional<Integer> value = settings.find(key(size), COUNT);
      Integer usual = name.sizes().get(size);
      if (usual != null) {
        sizes.put(size, value.orElse(usual));
      } else if (settings.isPresent(key(size))) {
        settings.reject(
            key(size), "must be left out: " + Domain.format(name) + " has no such size");
      }
    }
    return sizes;
  }

  private String key(NamedArchitecture.Size size) {
    return key(Domain.format(size));
  }

  private String key(String setting) {
    return section + "." + setting;
  }
}
