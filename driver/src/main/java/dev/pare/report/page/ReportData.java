package dev.pare.report.page;

import static java.util.Objects.requireNonNull;

import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierReport;
import java.util.Comparator;
import java.util.List;

/**
 * What a report is made of; equal data give equal bytes.
 *
 * @param frontier what was kept
 * @param out where the sweep's results are, as other machines name it
 * @param configuration the whole configuration as text
 * @param candidates all that was tried; kept in the order of their keys, in whichever they come
 */
public record ReportData(
    FrontierReport frontier, String out, String configuration, List<LedgerEntry> candidates) {
  public ReportData {
    requireNonNull(frontier, "frontier is null");
    requireNonNull(out, "out is null");
    requireNonNull(configuration, "configuration is null");
    candidates =
        candidates.stream()
            .sorted(Comparator.comparing(entry -> entry.outcome().key().hex()))
            .toList();
  }
}
