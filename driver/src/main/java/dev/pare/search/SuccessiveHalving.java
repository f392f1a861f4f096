package dev.pare.search;

import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asynchronous successive halving (Li et al. 2020) of small files against good networks: another
 * search's points are tried with a small share of their epochs, and the best third of those tried
 * at a share, at any time, with the next one. Best is what is first in the non-dominated sort, and
 * of one front what dominates the largest area, as Schmucker et al. (2021) do it with several
 * objectives.
 *
 * <p>The other search is told what came of the smallest share.
 */
final class SuccessiveHalving implements Search {
  /** One of so many goes on. */
  static final int REDUCTION = 3;

  private final Search search;
  private final int underWay;
  private final double tolerance;
  private final List<Rung> rungs = new ArrayList<>();
  private final Map<SearchPoint, Trial> waiting = new HashMap<>();

  /** How many may begin, so that those which go on are within the limit of candidates, too. */
  private final int mostFirst;

  private int begun;

  /** How many wait with the smallest share. */
  private int first;

  /** A point of the other search, with the epochs of a rung. */
  private record Trial(SearchPoint point, int rung) {}

  /** What was tried with a share of the epochs. */
  private static final class Rung {
    private final String share;
    private final List<SearchPoint> points = new ArrayList<>();
    private final List<double[]> costs = new ArrayList<>();
    private final Set<StageKey> known = new HashSet<>();
    private final Set<SearchPoint> promoted = new HashSet<>();
    private final List<SearchPoint> promotable = new ArrayList<>();

    private Rung(String share) {
      this.share = share;
    }

    /** Points that come to the same candidate count once. */
    private void add(SearchPoint point, Outcome.Measured outcome, double tolerance) {
      if (!known.add(outcome.key())) {
        return;
      }
      points.add(point);
      costs.add(ParetoSplit.costs(outcome.measurement()));
      promotable.clear();
      for (int best : new ParetoSplit(costs, tolerance).best(points.size() / REDUCTION)) {
        if (!promoted.contains(points.get(best))) {
          promotable.add(points.get(best));
        }
      }
    }
  }

  /**
   * @param settings with rungs; so many points as the population has are tried at a time with the
   *     smallest share at most: what is known of these decides what goes on before others begin
   */
  SuccessiveHalving(Search search, SearchSettings settings) {
    List<String> shares = settings.shares();
    if (shares.size() < 2) {
      throw new IllegalArgumentException("rungs " + shares + ": there must be at least 2");
    }
    this.search = search;
    this.underWay = settings.atOnce();
    this.tolerance = settings.tolerance();
    this.mostFirst =
        settings.candidates() == null
            ? Integer.MAX_VALUE
            : Math.max(1, (int) (settings.candidates() / settings.triesAPoint()));
    shares.forEach(share -> rungs.add(new Rung(share)));
  }

  /** A point with its share of the epochs. */
  static SearchPoint with(SearchPoint point, String share) {
    Map<String, String> values = new HashMap<>(point.values());
    values.put(SearchStrategies.EPOCHS_SHARE, share);
    return new SearchPoint(values);
  }

  @Override
  public List<SearchPoint> ask(int most) {
    List<SearchPoint> points = new ArrayList<>();
    for (int rung = rungs.size() - 2; rung >= 0; rung--) {
      Rung from = rungs.get(rung);
      while (points.size() < most && !from.promotable.isEmpty()) {
        SearchPoint point = from.promotable.remove(0);
        from.promoted.add(point);
        points.add(begin(point, rung + 1));
      }
    }
    // Where all that go on have gone there may be room for another one.
    int left = waiting.isEmpty() ? Math.max(1, mostFirst - begun) : mostFirst - begun;
    int room = Math.min(Math.min(most - points.size(), underWay - first), left);
    if (room > 0) {
      search.ask(room).forEach(point -> points.add(begin(point, 0)));
    }
    return points;
  }

  private SearchPoint begin(SearchPoint point, int rung) {
    SearchPoint tried = with(point, rungs.get(rung).share);
    waiting.put(tried, new Trial(point, rung));
    first += rung == 0 ? 1 : 0;
    begun += rung == 0 ? 1 : 0;
    return tried;
  }

  @Override
  public void tell(SearchPoint point, Outcome outcome) {
    Trial trial = waiting.remove(point);
    if (trial == null) {
      return;
    }
    if (outcome instanceof Outcome.Measured measured) {
      rungs.get(trial.rung).add(trial.point, measured, tolerance);
    }
    if (trial.rung == 0) {
      first--;
      search.tell(trial.point, outcome);
    }
  }
}
