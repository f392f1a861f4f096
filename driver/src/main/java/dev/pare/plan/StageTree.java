package dev.pare.plan;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a sweep's candidates as a tree: paths that begin alike share their beginning's
 * work.
 */
public final class StageTree {
  /** Changes whenever the same settings would give other bytes. */
  private static final int REVISION = 15;

  private final StageKey root;
  private final List<Stage> stages;
  private final Map<StageKey, Stage> byKey;
  private final Map<Candidate, StageKey> keys;
  private final long stagesOfCandidates;

  private StageTree(
      StageKey root,
      List<Stage> stages,
      Map<StageKey, Stage> byKey,
      Map<Candidate, StageKey> keys,
      long stagesOfCandidates) {
    this.root = root;
    this.stages = Collections.unmodifiableList(stages);
    this.byKey = byKey;
    this.keys = Collections.unmodifiableMap(keys);
    this.stagesOfCandidates = stagesOfCandidates;
  }

  /** All that determines a stage's product; the settings by their own key, which siblings share. */
  private record Description(StageKey parent, StageKey settings, int revision) {}

  /** Settings of what is measured, with what it is judged by where that is no error. */
  private record Judged(StageKey settings, Metric metric) {}

  /** The settings of all stages, each once. */
  public Set<StageSettings> settings() {
    Set<StageSettings> settings = new LinkedHashSet<>();
    stages.forEach(stage -> settings.add(stage.settings()));
    return settings;
  }

  /** A stage of one candidate or more. There are millions of them, so they are small. */
  public static final class Stage {
    private final int index;
    private final @Nullable Stage parent;
    private final StageKey key;
    private final StageSettings settings;
    private List<Stage> children = List.of();
    private @Nullable Candidate candidate;

    private Stage(int index, @Nullable Stage parent, StageKey key, StageSettings settings) {
      this.index = index;
      this.parent = parent;
      this.key = key;
      this.settings = settings;
    }

    /** Its place among all stages: after its parent, and otherwise as the candidates are. */
    int index() {
      return index;
    }

    /** The stage it starts from, or none where it starts from the teacher. */
    public Optional<Stage> parent() {
      return Optional.ofNullable(parent);
    }

    /** The content address of its product. */
    public StageKey key() {
      return key;
    }

    public StageSettings settings() {
      return settings;
    }

    /** The stages that start from its product. */
    public List<Stage> children() {
      return Collections.unmodifiableList(children);
    }

    /** The candidate whose file it writes, if any. */
    public Optional<Candidate> candidate() {
      return Optional.ofNullable(candidate);
    }

    private void add(Stage child) {
      if (children.isEmpty()) {
        children = new ArrayList<>(2);
      }
      children.add(child);
    }
  }

  /** The tree of some candidates that are judged by their error. */
  public static StageTree of(StageKey root, List<Candidate> candidates) {
    return of(root, candidates, Metric.ERROR);
  }

  /**
   * The tree of some candidates.
   *
   * @param root key of the teacher, where every path starts
   * @param metric by which the last stages' files are judged, as their reports say
   */
  public static StageTree of(StageKey root, List<Candidate> candidates, Metric metric) {
    List<Stage> stages = new ArrayList<>();
    Map<StageKey, Stage> byKey = new HashMap<>();
    Map<Candidate, StageKey> keys = new LinkedHashMap<>();
    // Of identities, since a grid has one object for equal stages and to hash one takes its time.
    Map<StageSettings, StageKey> settingsKeys = new IdentityHashMap<>();
    long stagesOfCandidates = 0;
    List<Stage> previous = List.of();
    for (Candidate candidate : candidates) {
      List<Stage> path = new ArrayList<>(candidate.stages().size());
      Stage parent = null;
      for (StageSettings settings : candidate.stages()) {
        int depth = path.size();
        Stage stage = depth < previous.size() ? previous.get(depth) : null;
        if (stage == null || stage.parent != parent || stage.settings != settings) {
          StageKey own = settingsKeys.computeIfAbsent(settings, s -> key(s, metric));
          StageKey from = parent == null ? root : parent.key;
          StageKey key = StageKey.of(new Description(from, own, REVISION));
          stage = byKey.get(key);
          if (stage == null) {
            stage = new Stage(stages.size(), parent, key, settings);
            stages.add(stage);
            byKey.put(key, stage);
            if (parent != null) {
              parent.add(stage);
            }
          }
        }
        path.add(stage);
        parent = stage;
      }
      stagesOfCandidates += path.size();
      previous = path;
      Stage last = requireNonNull(parent, "a candidate has a stage");
      last.candidate = candidate;
      keys.put(candidate, last.key);
    }
    return new StageTree(root, stages, byKey, keys, stagesOfCandidates);
  }

  private static StageKey key(StageSettings settings, Metric metric) {
    StageKey own = StageKey.of((Record) settings);
    return settings.kind() == StageSettings.Kind.ENCODE && !metric.equals(Metric.ERROR)
        ? StageKey.of(new Judged(own, metric))
        : own;
  }

  /** Key of the teacher. */
  public StageKey root() {
    return root;
  }

  /** All distinct stages, each after the one it starts from. */
  public List<Stage> all() {
    return stages;
  }

  /** The stage that makes a product. */
  public Optional<Stage> stage(StageKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** The key of each candidate's last stage, in the candidates' order. */
  public Map<Candidate, StageKey> keys() {
    return keys;
  }

  /** How many distinct stages there are. */
  public int stages() {
    return stages.size();
  }

  /** How many stages there would be if no candidate shared any. */
  public long stagesOfCandidates() {
    return stagesOfCandidates;
  }
}
