package dev.pare.plan;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
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
 * work. It grows as candidates are added.
 */
public final class StageTree {
  /** Changes whenever the same settings would give other bytes. */
  private static final int REVISION = 16;

  /** The same of stages that encode, on which no others depend. */
  private static final int REVISION_OF_FILES = 16;

  private final StageKey root;
  private final Metric metric;
  private final List<Stage> stages = new ArrayList<>();
  private final List<Stage> firsts = new ArrayList<>();
  private final Map<StageKey, Stage> byKey = new HashMap<>();
  private final Map<Candidate, StageKey> keys = new LinkedHashMap<>();

  /** Of identities, since equal stages are one object mostly, and to hash one takes its time. */
  private final Map<StageSettings, StageKey> settingsKeys = new IdentityHashMap<>();

  /** The path of the candidate before: the next one shares its beginning, most often. */
  private List<Stage> previous = List.of();

  private long stagesOfCandidates;

  /**
   * A tree of no candidates yet.
   *
   * @param root key of the teacher, where every path starts
   * @param metric by which the last stages' files are judged, as their reports say
   */
  public StageTree(StageKey root, Metric metric) {
    this.root = requireNonNull(root, "root is null");
    this.metric = requireNonNull(metric, "metric is null");
  }

  /** All that determines a stage's product; the settings by their own key, which siblings share. */
  private record Description(StageKey parent, StageKey settings, int revision) {}

  /** Settings of what is measured, with what it is judged by where that is no error. */
  private record Judged(StageKey settings, Metric metric) {}

  /** The settings of all stages, each once. */
  public Set<StageSettings> settings() {
    Set<StageSettings> settings = new LinkedHashSet<>();
    settingsByStart(stages).values().forEach(settings::addAll);
    return settings;
  }

  /** The settings of all stages, as {@link #settingsByStart(List)}. */
  public Map<Optional<ArchitectureForm>, Set<StageSettings>> settingsByStart() {
    return settingsByStart(stages);
  }

  /**
   * The settings of stages, each once of those whose students began with the same layers; none are
   * the teacher's.
   */
  public static Map<Optional<ArchitectureForm>, Set<StageSettings>> settingsByStart(
      List<Stage> stages) {
    Map<Optional<ArchitectureForm>, Set<StageSettings>> settings = new LinkedHashMap<>();
    stages.forEach(
        stage ->
            settings
                .computeIfAbsent(stage.start(), first -> new LinkedHashSet<>())
                .add(stage.settings()));
    return settings;
  }

  /** The keys of products that no stage makes: the teacher, and what students begin with. */
  public Set<StageKey> roots() {
    Set<StageKey> roots = new LinkedHashSet<>();
    roots.add(root);
    for (Stage stage : firsts) {
      if (stage.settings instanceof Start start && start.weights() != null) {
        roots.add(start.weights());
      }
    }
    return roots;
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

    /** The layers that its student began with, or none where that was the teacher. */
    public Optional<ArchitectureForm> start() {
      Stage first = this;
      while (first.parent != null) {
        first = first.parent;
      }
      return first.settings instanceof Start start
          ? Optional.ofNullable(start.layers())
          : Optional.empty();
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

  /** The tree of some candidates. */
  public static StageTree of(StageKey root, List<Candidate> candidates, Metric metric) {
    StageTree tree = new StageTree(root, metric);
    tree.add(candidates);
    return tree;
  }

  /**
   * Adds candidates, which share what they can with those that there are.
   *
   * @return the stages that were not there, each after the one it starts from
   */
  public List<Stage> add(List<Candidate> candidates) {
    int before = stages.size();
    candidates.forEach(this::add);
    return List.copyOf(stages.subList(before, stages.size()));
  }

  private void add(Candidate candidate) {
    List<Stage> path = new ArrayList<>(candidate.stages().size());
    Stage parent = null;
    for (StageSettings settings : candidate.stages()) {
      int depth = path.size();
      Stage stage = depth < previous.size() ? previous.get(depth) : null;
      if (stage == null || stage.parent != parent || stage.settings != settings) {
        stage = child(parent, settings);
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

  private Stage child(@Nullable Stage parent, StageSettings settings) {
    StageKey own = settingsKeys.computeIfAbsent(settings, this::key);
    StageKey from = parent == null ? root : parent.key;
    int revision = settings.kind() == StageSettings.Kind.ENCODE ? REVISION_OF_FILES : REVISION;
    StageKey key = StageKey.of(new Description(from, own, revision));
    Stage stage = byKey.get(key);
    if (stage == null) {
      stage = new Stage(stages.size(), parent, key, settings);
      stages.add(stage);
      byKey.put(key, stage);
      if (parent == null) {
        firsts.add(stage);
      } else {
        parent.add(stage);
      }
    }
    return stage;
  }

  private StageKey key(StageSettings settings) {
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
    return Collections.unmodifiableList(stages);
  }

  /** The stage that makes a product. */
  public Optional<Stage> stage(StageKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** The key of each candidate's last stage, in the candidates' order. */
  public Map<Candidate, StageKey> keys() {
    return Collections.unmodifiableMap(keys);
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
