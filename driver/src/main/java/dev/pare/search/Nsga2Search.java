package dev.pare.search;

import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Generations, each asked for as a whole once all of the one before is known: the first one drawn
 * at random, later ones by binary tournaments, uniform crossover and mutation. Parents are the best
 * of all that came before, by rank and then by crowding distance. Points that failed are no
 * parents, and of points that come to the same file there is one. Where no new child is found, a
 * point that was never tried is drawn.
 */
final class Nsga2Search implements Search {
  private static final double CROSSOVER = 0.9;

  /** How often to look for a child that was not tried yet. */
  private static final int MOST_TRIES = 100;

  private final SearchSpace space;
  private final int population;
  private final SplittableRandom random;
  private final RandomOrder fresh;
  private final List<List<Integer>> ranks;
  private final Set<Long> tried = new HashSet<>();
  private final Deque<Long> next = new ArrayDeque<>();
  private final Map<SearchPoint, Long> waiting = new HashMap<>();
  private final List<Individual> generation = new ArrayList<>();
  private List<Parent> parents = List.of();

  /**
   * @param bits log2 of the file's bytes: files of half the size are as far apart everywhere
   */
  private record Individual(long number, StageKey file, double bits, double quality) {}

  private record Parent(Individual individual, int rank, double crowding) {
    boolean beats(Parent other) {
      return rank < other.rank || rank == other.rank && crowding > other.crowding;
    }
  }

  Nsga2Search(SearchSpace space, int population, SplittableRandom random) {
    this.space = space;
    this.population = population;
    this.fresh = new RandomOrder(space.size(), random.split());
    this.random = random;
    this.ranks = space.axes().stream().map(SearchAxis::ranks).toList();
  }

  @Override
  public List<SearchPoint> ask(int most) {
    if (next.isEmpty() && waiting.isEmpty()) {
      breed();
    }
    List<SearchPoint> points = new ArrayList<>();
    while (points.size() < most && !next.isEmpty()) {
      long number = next.remove();
      SearchPoint point = space.point(number);
      waiting.put(point, number);
      points.add(point);
    }
    return points;
  }

  @Override
  public void tell(SearchPoint point, Outcome outcome) {
    Long number = waiting.remove(point);
    if (number != null && outcome instanceof Outcome.Measured measured) {
      Measurement measurement = measured.measurement();
      generation.add(
          new Individual(
              number, outcome.key(), measurement.log2Bytes(), measurement.score().quality()));
    }
  }

  /** Chooses parents, and the points of the next generation. */
  private void breed() {
    parents = survivors();
    generation.clear();
    for (int i = 0; i < population; i++) {
      OptionalLong point = parents.size() < 2 ? fresh() : child();
      if (point.isEmpty()) {
        return;
      }
      tried.add(point.getAsLong());
      next.add(point.getAsLong());
    }
  }

  private List<Parent> survivors() {
    Map<StageKey, Individual> files = new LinkedHashMap<>();
    parents.forEach(parent -> files.put(parent.individual.file, parent.individual));
    generation.forEach(one -> files.putIfAbsent(one.file, one));
    List<Individual> all = List.copyOf(files.values());
    List<double[]> costs = all.stream().map(one -> new double[] {one.bits, -one.quality}).toList();
    List<Parent> ranked = new ArrayList<>();
    List<List<Integer>> fronts = NonDominatedSorting.fronts(costs);
    for (int rank = 0; rank < fronts.size(); rank++) {
      List<Integer> front = fronts.get(rank);
      double[] crowding = NonDominatedSorting.crowding(front.stream().map(costs::get).toList());
      for (int i = 0; i < crowding.length; i++) {
        ranked.add(new Parent(all.get(front.get(i)), rank, crowding[i]));
      }
    }
    ranked.sort(
        Comparator.comparingInt(Parent::rank)
            .thenComparing(Comparator.comparingDouble(Parent::crowding).reversed())
            .thenComparing(parent -> parent.individual.file));
    return List.copyOf(ranked.subList(0, Math.min(population, ranked.size())));
  }

  private OptionalLong fresh() {
    OptionalLong number = fresh.next();
    while (number.isPresent() && tried.contains(number.getAsLong())) {
      number = fresh.next();
    }
    return number;
  }

  private OptionalLong child() {
    for (int i = 0; i < MOST_TRIES; i++) {
      int[] child = positions(tournament());
      if (random.nextDouble() < CROSSOVER) {
        int[] other = positions(tournament());
        for (int axis = 0; axis < child.length; axis++) {
          child[axis] = random.nextBoolean() ? other[axis] : child[axis];
        }
      }
      mutate(child);
      long number = space.number(child);
      if (!tried.contains(number)) {
        return OptionalLong.of(number);
      }
    }
    return fresh();
  }

  private int[] positions(Parent parent) {
    return space.positions(parent.individual.number);
  }

  private Parent tournament() {
    Parent one = parents.get(random.nextInt(parents.size()));
    Parent other = parents.get(random.nextInt(parents.size()));
    return other.beats(one) ? other : one;
  }

  /** Changes one axis on average. */
  private void mutate(int[] positions) {
    for (int axis = 0; axis < positions.length; axis++) {
      int values = space.axes().get(axis).values().size();
      if (values > 1 && random.nextDouble() * positions.length < 1) {
        positions[axis] =
            space.axes().get(axis).isNumeric()
                ? stepped(ranks.get(axis), positions[axis])
                : (positions[axis] + 1 + random.nextInt(values - 1)) % values;
      }
    }
  }

  /** Some values up or down: one with probability ½, two with ¼, and so on. */
  private int stepped(List<Integer> byValue, int position) {
    int last = byValue.size() - 1;
    int rank = byValue.indexOf(position);
    boolean up = rank == 0 || rank < last && random.nextBoolean();
    int step = 1 + Long.numberOfTrailingZeros(random.nextLong());
    return byValue.get(up ? Math.min(last, rank + step) : Math.max(0, rank - step));
  }
}
