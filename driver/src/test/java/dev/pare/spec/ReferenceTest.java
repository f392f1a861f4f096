package dev.pare.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.pare.SmallSweep;
import dev.pare.candidate.Calibration;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.model.NamedArchitecture;
import dev.pare.sparsify.Saliencies;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * That {@code pare-reference.conf} says what the code does: it has every key, and next to each its
 * range or its constants as the code has them. A setting that is added must be explained there.
 */
class ReferenceTest {
  private static final String LEAST =
      """
      sweep.out = "file:///results"
      data.train { features = a, labels = b }
      data.test { features = c, labels = d }
      teacher.architecture = lenet-300-100
      """;

  private static final Pattern RANGE =
      Pattern.compile("(?:at least|above|below) -?[0-9.]*[0-9]|[0-9]+ to [0-9]+");
  private static final Pattern ROW = Pattern.compile(" {3}([a-z0-9-]+) {2,}\\S.*");
  private static final String ONE_OF = "one of ";

  private Reference reference;
  private Map<String, String> requirements;

  @BeforeEach
  void read() throws IOException {
    reference = Reference.read();
    Settings settings = settings(LEAST);
    SpecReader.read(settings, "least");
    requirements = settings.requirements();
  }

  private static Settings settings(String conf) {
    Config config = ConfigFactory.parseString(conf).withFallback(SpecSource.reference());
    return new Settings(config.resolve(), "", "test", List.of());
  }

  private static SweepSpec defaults(String... more) {
    return SpecReader.read(settings(LEAST + String.join("\n", more)), "least");
  }

  private static List<String> dimensions() {
    return Dimension.all().stream().map(Dimension::key).toList();
  }

  /** The comment of a key as one line, in lower case and without what stands in brackets. */
  private String comment(String key) {
    return String.join(" ", reference.comments().get(key))
        .replaceAll("\\([^()]*\\)", "")
        .replaceAll("\\s+", " ")
        .toLowerCase(Locale.ROOT);
  }

  @Test
  void everySettingIsThereAndNoOtherOne() {
    TreeSet<String> known = new TreeSet<>(requirements.keySet());
    known.removeIf(key -> key.startsWith("space.") || key.equals("architectures"));

    assertThat(reference.comments().keySet()).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void architecturesOfStudentsAreExplainedAndTheirExamplesAreGood() throws IOException {
    String section =
        "architectures {\n" + String.join("\n", reference.section("architectures")) + "\n}";
    Settings settings = settings(LEAST + section);
    Map<String, ArchitectureSpec> read = SpecReader.read(settings, "x").architectures();
    String text = Reference.text();
    String comment =
        text.substring(text.indexOf("# Networks that students"), text.indexOf("# architectures {"));

    assertThat(read).containsOnlyKeys("small", "tiny");
    assertThat(settings.requirements().keySet())
        .filteredOn(key -> key.startsWith("architectures.small."))
        .hasSize(7)
        .allSatisfy(key -> assertThat(comment).contains(key.substring(key.lastIndexOf('.') + 1)));
  }

  @Test
  void everySettingIsExplained() {
    assertThat(reference.comments().keySet())
        .allSatisfy(key -> assertThat(comment(key)).as(key).isNotBlank());
  }

  @Test
  void rangesAreThoseOfTheCode() {
    for (String key : reference.comments().keySet()) {
      String requirement = requirements.get(key);
      assertThat(RANGE.matcher(requirement).results().map(MatchResult::group))
          .as(key + " must be " + requirement + ", says the code; the comment: " + comment(key))
          .allMatch(comment(key)::contains);
    }
  }

  @Test
  void constantsAreThoseOfTheCode() {
    for (String key : reference.comments().keySet()) {
      String requirement = requirements.get(key);
      if (requirement.startsWith(ONE_OF)) {
        List<String> constants =
            new ArrayList<>(List.of(requirement.substring(ONE_OF.length()).split(", ")));
        // What the tests register is explained nowhere.
        constants.remove("toy");
        List<String> words = Arrays.asList(whole(key).split("[^a-z0-9-]+"));
        assertThat(words).as(key).containsAll(constants);
        assertThat(rows(key)).as("rows of " + key).isSubsetOf(constants);
      }
    }
    assertThat(rows("student.prune.saliency")).hasSameSizeAs(Saliencies.names());
  }

  private String whole(String key) {
    return String.join(" ", reference.comments().get(key));
  }

  /** The words that a table in the comment explains. */
  private List<String> rows(String key) {
    return reference.comments().get(key).stream()
        .map(ROW::matcher)
        .filter(row -> row.matches())
        .map(row -> row.group(1))
        .toList();
  }

  @Test
  void whatTheCommentsSetIsGood() {
    List<SpecProblem> problems = new ArrayList<>();
    Config config = reference.examples().withFallback(SpecSource.reference());
    try {
      SpecReader.read(new Settings(config.resolve(), "", "test", List.of()), "examples");
    } catch (InvalidSpecException e) {
      problems.addAll(e.problems());
    }

    // Not all of them go together, but each is good by itself.
    assertThat(reference.examples().root()).isNotEmpty();
    assertThat(problems)
        .noneMatch(problem -> problem.message().contains("is no "))
        .noneMatch(
            problem ->
                problem.message().equals("must be " + requirements.get(problem.key()))
                    || problem.message().startsWith("must be a list"));
  }

  @Test
  void dimensionsAreThoseOfTheCode() throws IOException {
    List<String> listed = new ArrayList<>();
    List<String> settings = new ArrayList<>();
    String space = String.join("\n", reference.section("space"));
    Pattern renamed = Pattern.compile("([a-z-]+) +is (\\S+)");
    for (MatchResult one : renamed.matcher(space).results().toList()) {
      listed.add(one.group(1));
      settings.add(one.group(2));
    }
    space = renamed.matcher(space).replaceAll("");
    for (MatchResult group :
        Pattern.compile("([^#]+?) as in (\\S+)").matcher(space).results().toList()) {
      for (String name : group.group(1).strip().split("[\\s,]+")) {
        listed.add(name);
        settings.add(group.group(2) + "." + name);
      }
    }
    assertThat(listed).containsExactlyInAnyOrderElementsOf(dimensions());
    assertThat(requirements.keySet()).containsAll(settings);

    String readme = Files.readString(SmallSweep.ROOT.resolve("docs/techniques.md"));
    String list = readme.substring(readme.indexOf("Dimensions of both:"));
    assertThat(
            Pattern.compile("`([a-z-]+)`")
                .matcher(list.substring(0, list.indexOf('.')))
                .results()
                .map(match -> match.group(1)))
        .containsExactlyInAnyOrderElementsOf(dimensions());
  }

  @Test
  void whatProgramsGetWithoutSayingIsTheDefault() {
    SweepSpec spec = defaults();
    Prune prune = spec.student().prune();
    Quantize quantize = spec.student().quantize();
    Encode encode = spec.student().encode();

    assertThat(spec.execution()).isEqualTo(Execution.DEFAULT);
    assertThat(prune.calibration()).isEqualTo(Calibration.USUAL);
    assertThat(prune)
        .isEqualTo(
            new Prune(
                prune.sparsity(),
                prune.outputSparsity(),
                prune.saliency(),
                prune.scope(),
                prune.schedule(),
                prune.ramp(),
                prune.training()));
    assertThat(quantize)
        .isEqualTo(
            new Quantize(
                quantize.bits(),
                quantize.quantizer(),
                quantize.rateDistortion(),
                quantize.training()));
    assertThat(encode).isEqualTo(new Encode(encode.precision()));
    // Of stages that are left out only that is told.
    StudentSpec plain = new StudentSpec(prune, quantize, encode);
    assertThat(spec.student().order()).isEqualTo(plain.order());
    assertThat(spec.student().factorize().method()).isEqualTo(plain.factorize().method());
    assertThat(spec.student().activate().rule()).isEqualTo(plain.activate().rule());
    assertThat(spec.student().regularize().penalty()).isEqualTo(plain.regularize().penalty());
  }

  @Test
  void whatHoldsUnlessSetIsWhatTheCodeDoes() {
    assertThat(defaults().data().seed()).isEqualTo(defaults().seed());
    assertThat(defaults().store()).isEqualTo(defaults().out() + "/store");
    for (NamedArchitecture.Name name : NamedArchitecture.Name.values()) {
      if (!name.usualWidths().isEmpty()) {
        assertThat(of(name, "teacher.widths")).contains(name.usualWidths() + " unless set");
      }
      name.sizes()
          .forEach(
              (size, usual) ->
                  assertThat(of(name, "teacher." + Domain.format(size)))
                      .contains(usual + " unless set"));
    }
  }

  /** What the comment of a key says of an architecture. */
  private String of(NamedArchitecture.Name name, String key) {
    String start = Domain.format(name) + ": ";
    assertThat(comment(key)).as(key).contains(start);
    String own = comment(key).substring(comment(key).indexOf(start) + start.length());
    return own.split("[a-z0-9-]+: ", 2)[0];
  }
}
