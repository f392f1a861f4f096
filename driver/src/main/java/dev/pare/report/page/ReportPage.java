package dev.pare.report.page;

import dev.pare.candidate.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code report.html}. */
public final class ReportPage {
  private static final Pattern SLOT = Pattern.compile("\\{\\{([a-z]+)}}");

  /** One after the other they are one script. */
  private static final List<String> SCRIPTS =
      List.of(
          "base.js",
          "frontier.js",
          "earlier.js",
          "importance.js",
          "growth.js",
          "sensitivity.js",
          "filters.js",
          "uses.js",
          "budget.js",
          "compare.js",
          "classes.js",
          "table.js",
          "settings.js",
          "details.js",
          "main.js");

  private ReportPage() {}

  /**
   * The page as text, to be written in UTF-8. Its policy lets nothing run but its own two scripts,
   * by their digests, and nothing be loaded.
   */
  public static String of(ReportData data) {
    return of(data, Map.of());
  }

  /**
   * The page, with links to cards that lie beside it.
   *
   * @param cards paths of files' cards from where the page will be, by the files' paths
   */
  static String of(ReportData data, Map<String, String> cards) {
    String library = resource("echarts.min.js");
    String script = SCRIPTS.stream().map(ReportPage::resource).collect(Collectors.joining("\n"));
    String policy =
        "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline';"
            + " script-src "
            + digest(library)
            + " "
            + digest(script);
    Map<String, String> parts =
        Map.of(
            "policy",
            policy,
            "title",
            escaped(data.frontier().name()),
            "style",
            resource("report.css"),
            "data",
            ReportJson.of(data, cards),
            "library",
            library,
            "script",
            script);
    // In one pass: what was put in is not looked at again, whatever it holds.
    return SLOT.matcher(resource("report.html"))
        .replaceAll(slot -> Matcher.quoteReplacement(parts.get(slot.group(1))));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String digest(String script) {
    byte[] hash = Sha256.digest().digest(script.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }
}
