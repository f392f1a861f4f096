package dev.pare.report.card;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.examine.Finding;
import dev.pare.folder.CardFile;
import dev.pare.folder.SweepFolder;
import java.util.List;

/** A card as JSON: facts as objects, findings as arrays with an object a row. */
final class CardJson {
  /** Of the names. */
  private static final int VERSION = 1;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private CardJson() {}

  static String of(ModelCard card) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("version", VERSION);
    root.put("title", card.title());
    root.put(CardFile.MARKDOWN, SweepFolder.digest(card.markdown()));
    for (ModelCard.Facts facts : card.facts()) {
      ObjectNode node = root.putObject(facts.key());
      facts.values().forEach((name, value) -> put(node, name, value));
    }
    ObjectNode findings = root.putObject("findings");
    for (Finding finding : card.findings()) {
      ArrayNode rows = findings.putArray(finding.key());
      for (List<Object> row : finding.rows()) {
        ObjectNode node = rows.addObject();
        for (int c = 0; c < row.size(); c++) {
          put(node, finding.columns().get(c).key(), row.get(c));
        }
      }
    }
    ArrayNode limits = root.putArray("limits");
    card.limits().forEach(limits::add);
    try {
      DefaultPrettyPrinter lines =
          new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
      return MAPPER.writer(lines).writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values", e);
    }
  }

  /** What is no number is null, as JSON has no other name for it. */
  private static void put(ObjectNode node, String key, Object cell) {
    if (cell instanceof Double number && !Double.isFinite(number)) {
      node.putNull(key);
    } else {
      node.set(key, MAPPER.valueToTree(cell));
    }
  }
}
