package dev.pare.plan;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.search.SearchSettings;
import java.util.ArrayList;
import java.util.List;

/** How many more candidates a search may ask for within what it may take. */
interface SearchBudget {
  /** The share of a budget that is kept for repetitions, if there are to be any. */
  double FOR_REPEATS = 0.25;

  /** The budgets that a search has. */
  static List<SearchBudget> of(SearchSettings settings) {
    double later = settings.repeats() > 1 ? FOR_REPEATS : 0;
    List<SearchBudget> budgets = new ArrayList<>();
    Double seconds = settings.budgets().seconds();
    if (seconds != null) {
      budgets.add(new TaskTimeBudget(seconds, later, settings.population()));
    }
    Integer epochs = settings.budgets().epochs();
    if (epochs != null) {
      budgets.add(new EpochBudget(epochs, later));
    }
    Double wallTime = settings.budgets().wallTime();
    if (wallTime != null) {
      budgets.add(new WallTimeBudget(wallTime, later, settings.population(), System::nanoTime));
    }
    return budgets;
  }

  /** Takes account of a candidate that is asked for. */
  void begin(Candidate candidate);

  /** Takes account of a candidate that has ended. */
  void take(Candidate candidate, Outcome outcome);

  /**
   * How many there is room for.
   *
   * @param waiting candidates that were asked for and have not ended
   */
  int room(int waiting);

  /** Lets what was kept for repetitions be spent. */
  void release();

  /** How many more than those that have ended there will be, as far as can be told. */
  long left();
}
