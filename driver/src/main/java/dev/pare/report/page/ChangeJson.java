package dev.pare.report.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.candidate.Spelling;
import dev.pare.frontier.FrontierChange;
import dev.pare.frontier.FrontierSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What changed since the run before, as the JSON that the page's script reads. */
final class ChangeJson {
  private ChangeJson() {}

  /** Both frontiers' files, and each budget with the places of its files among them. */
  static void write(ObjectNode node, EarlierRun run) {
    FrontierChange change = run.change();
    node.put("ended", run.ended().toString());
    node.put("method", name(change.method()));
    node.put("significance", FrontierChange.SIGNIFICANCE);
    node.put("slack", FrontierChange.SIZE_SLACK);
    ArrayNode volumes = node.putArray("hypervolume");
    volumes.add(run.hypervolume(run.before()));
    volumes.add(run.hypervolume(run.after()));
    write(node.putArray("before"), run.before());
    write(node.putArray("after"), run.after());
    Map<FrontierSnapshot.Point, Integer> before = places(run.before());
    Map<FrontierSnapshot.Point, Integer> after = places(run.after());
    ArrayNode budgets = node.putArray("budgets");
    for (FrontierChange.AtBudget budget : change.budgets()) {
      ObjectNode entry = budgets.addObject();
      entry.put("bytes", budget.bytes());
      putPlace(entry, "before", before, budget.before());
      putPlace(entry, "after", after, budget.after());
      entry.put("p", budget.pValue());
      entry.put("verdict", name(budget.verdict()));
    }
  }

  private static void write(ArrayNode node, FrontierSnapshot frontier) {
    for (FrontierSnapshot.Point file : frontier.points()) {
      ObjectNode entry = node.addObject();
      entry.put("key", file.key().hex());
      entry.put("bytes", file.bytes());
      ReportJson.write(entry.putObject("validation"), file.score());
      ObjectNode point = entry.putObject("point");
      file.point().forEach(point::put);
    }
  }

  private static Map<FrontierSnapshot.Point, Integer> places(FrontierSnapshot frontier) {
    Map<FrontierSnapshot.Point, Integer> places = new HashMap<>();
    List<FrontierSnapshot.Point> files = frontier.points();
    for (int i = 0; i < files.size(); i++) {
      places.put(files.get(i), i);
    }
    return places;
  }

  private static void putPlace(
      ObjectNode node,
      String name,
      Map<FrontierSnapshot.Point, Integer> places,
      FrontierSnapshot.@Nullable Point file) {
    if (file != null) {
      node.put(name, places.get(file));
    }
  }

  private static String name(Enum<?> constant) {
    return Spelling.of(constant);
  }
}
