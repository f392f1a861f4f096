package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What a script passes where a variable of it is not set. */
class EmptyArgumentsTest {
  /** Every argument that is text, of every command: the words of a command line that has it. */
  static Stream<List<String>> lines() {
    List<List<String>> lines = new ArrayList<>();
    collect(List.of(), Main.commands(), lines);
    return lines.stream();
  }

  private static void collect(List<String> name, CommandLine command, List<List<String>> lines) {
    command.getSubcommands().forEach((part, inner) -> collect(with(name, part), inner, lines));
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (isText(option)) {
        lines.add(with(with(name, option.longestName()), ""));
      }
    }
    for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
      if (isText(parameter)) {
        List<String> before = new ArrayList<>(name);
        before.addAll(Collections.nCopies(parameter.index().min(), "x"));
        lines.add(with(before, ""));
      }
    }
  }

  private static boolean isText(ArgSpec argument) {
    return argument.auxiliaryTypes()[0] == String.class;
  }

  private static List<String> with(List<String> words, String word) {
    List<String> all = new ArrayList<>(words);
    all.add(word);
    return all;
  }

  @ParameterizedTest
  @MethodSource("lines")
  void areErrorsOfTheCommandLine(List<String> line) {
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            line.toArray(String[]::new));

    assertThat(code).as("%s", err).isEqualTo(2);
    assertThat(err.toString().lines().findFirst().orElseThrow())
        .startsWith("Invalid value for ")
        .endsWith(": \"\": must not be empty");
  }
}
