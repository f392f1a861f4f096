package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.SmallSweep;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** That every command says all there is to know of it, and the README the same. */
class HelpTest {
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9-]*");

  /** Every command by its whole name, as {@code pare store gc}. */
  private static Map<String, CommandLine> commands() {
    Map<String, CommandLine> all = new TreeMap<>();
    collect("pare", Main.commands(), all);
    return all;
  }

  private static void collect(String name, CommandLine command, Map<String, CommandLine> all) {
    all.put(name, command);
    command.getSubcommands().forEach((part, inner) -> collect(name + " " + part, inner, all));
  }

  static Stream<String> names() {
    return commands().keySet().stream();
  }

  /** Those that do something themselves. */
  private static List<String> leaves() {
    return commands().entrySet().stream()
        .filter(entry -> entry.getValue().getSubcommands().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  private static CommandLine command(String name) {
    return Objects.requireNonNull(commands().get(name), name);
  }

  private static boolean has(CommandLine command, String option) {
    return command.getCommandSpec().findOption(option) != null;
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCommandOptionAndParameterIsExplained(String name) {
    CommandLine command = command(name);

    assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    for (ArgSpec argument : command.getCommandSpec().args()) {
      assertThat(argument.description()).as(argument.toString()).isNotEmpty();
      assertThat(String.join(" ", argument.description())).as(argument.toString()).endsWith(".");
      if (argument.arity().max() > 0 || argument.isPositional()) {
        assertThat(argument.paramLabel()).as(argument.toString()).matches("[A-Z|]+(=[A-Z]+)?");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void theHelpHasSynopsisExitCodesAndExamplesOfItsOwn(String name) {
    String help = command(name).getUsageMessage();

    assertThat(help).startsWith("Usage: " + name + " ");
    assertThat(help)
        .contains("Exit codes:")
        .containsPattern("\n  0 +done")
        .containsPattern("\n  2 +the command line");
    assertThat(help.lines()).allMatch(line -> line.length() <= 100);
    String examples = help.substring(help.indexOf("\nExample"));
    assertThat(examples).contains("  " + name + " ");
    Matcher option = OPTION.matcher(examples);
    while (leaves().contains(name) && option.find()) {
      assertThat(has(command(name), option.group()) || option.group().equals("--master"))
          .as(option.group())
          .isTrue();
    }
  }

  @Test
  void exitCodesOfTheirOwnAreThereAlone() {
    assertThat(leaves()).filteredOn(name -> lists(name, 3)).containsExactly("pare diff");
    assertThat(leaves())
        .filteredOn(name -> lists(name, 130))
        .containsExactlyInAnyOrder("pare compress", "pare sweep");
  }

  private static boolean lists(String name, int code) {
    return Pattern.compile("\n  " + code + " +[a-z]")
        .matcher(command(name).getUsageMessage())
        .find();
  }

  @Test
  void theReadmeListsEveryCommandAndNoOther() throws IOException {
    String readme = Files.readString(SmallSweep.ROOT.resolve("README.md"));
    String list = readme.substring(readme.indexOf("\n## Commands\n"));
    list = list.substring(0, list.indexOf("\n`pare COMMAND --help`"));
    List<String> listed = new ArrayList<>();
    for (MatchResult line :
        Pattern.compile("(?m)^ {4}(pare(?: [a-z]+)+)(.*)$").matcher(list).results().toList()) {
      listed.add(line.group(1));
      for (Matcher option = OPTION.matcher(line.group(2)); option.find(); ) {
        assertThat(has(command(line.group(1)), option.group())).as(line.group()).isTrue();
      }
    }

    assertThat(listed).containsExactlyInAnyOrderElementsOf(leaves());
  }

  @Test
  void everyCommandHasHelpVersionAndTheStackOfAnError() {
    for (String name : leaves()) {
      assertThat(command(name).getCommandSpec().options())
          .as(name)
          .flatExtracting(option -> List.of(option.names()))
          .contains("-h", "--help", "-V", "--version", "-X", "--stacktrace");
    }
  }
}
