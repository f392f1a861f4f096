package dev.pare.report.card;

import static java.util.Objects.requireNonNull;

import dev.pare.examine.Finding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What somebody needs to know of a file who is to use it (Mitchell et al. 2019): what it is, from
 * what it comes, what it does and where that ends. Nothing in it depends on when it was made.
 *
 * @param title of the card: the file's name
 * @param facts what the file is, in the order of the card
 * @param findings of its examination
 * @param limits what the card does not say, a sentence each
 */
public record ModelCard(
    String title, List<Facts> facts, List<Finding> findings, List<String> limits) {
  public ModelCard {
    requireNonNull(title, "title is null");
    facts = List.copyOf(facts);
    findings = List.copyOf(findings);
    limits = List.copyOf(limits);
  }

  /**
   * Things known by name.
   *
   * @param key of all in JSON
   * @param title for people
   * @param values texts, numbers and lists of texts, by names in lower case with underscores
   */
  public record Facts(String key, String title, Map<String, Object> values) {
    public Facts {
      requireNonNull(key, "key is null");
      requireNonNull(title, "title is null");
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
  }

  /** As Markdown. Texts from outside are escaped. */
  public String markdown() {
    return CardMarkdown.of(this);
  }

  /** The same as JSON, shares from 0 to 1. */
  public String json() {
    return CardJson.of(this);
  }

  /** Several as an array. */
  public static String json(List<ModelCard> cards) {
    return cards.stream()
        .map(card -> card.json().stripTrailing())
        .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }
}
