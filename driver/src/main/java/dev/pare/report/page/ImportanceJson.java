package dev.pare.report.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.importance.Importance;
import dev.pare.importance.Importance.Effect;

/** Which settings mattered, as the JSON that the page's script reads. */
final class ImportanceJson {
  private ImportanceJson() {}

  /** Effects as tables have them, those of pairs after those of settings; or why there are none. */
  static void write(ObjectNode node, Importance importance) {
    node.put("candidates", importance.candidates());
    node.put("omitted", importance.leftOut());
    if (!importance.isKnown()) {
      node.put("reason", importance.reason());
      return;
    }
    ArrayNode effects = node.putArray("effects");
    importance.alone().forEach(effect -> write(effects.addObject(), effect));
    importance.largestPairs().forEach(effect -> write(effects.addObject(), effect));
    write(effects.addObject(), importance.rest());
  }

  private static void write(ObjectNode node, Effect effect) {
    ArrayNode settings = node.putArray("settings");
    effect.settings().forEach(settings::add);
    node.put("size", effect.size());
    node.put("quality", effect.quality());
  }
}
