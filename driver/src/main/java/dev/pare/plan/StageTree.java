package dev.pare.plan;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.pipeline.StageTask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a sweep's candidates as a tree: paths that begin alike share their beginning's
 * work.
 *
 * <p>A node is one task. Where a stage has a single successor that is cheap beside it, the two
 * travel in one task.
 */
public final class StageTree {
  /** Changes whenever the same settings would give other bytes. */
  private static final int REVISION = 6;

  private final StageKey root;
  private final Map<StageKey, Node> nodes;
  private final Map<Candidate, StageKey> keys;
  private final int stages;
  private final int stagesOfCandidates;

  private StageTree(
      StageKey root,
      Map<StageKey, Node> nodes,
      Map<Candidate, StageKey> keys,
      int stages,
      int unshared) {
    this.root = root;
    this.nodes = Collections.unmodifiableMap(nodes);
    this.keys = Collections.unmodifiableMap(keys);
    this.stages = stages;
    this.stagesOfCandidates = unshared;
  }

  /**
   * A task and the tasks that wait for its product.
   *
   * @param children keys of the tasks that start from this one's product
   */
  public record Node(StageTask task, List<StageKey> children) {
    public Node {
      requireNonNull(task, "task is null");
      children = List.copyOf(children);
    }
  }

  /** All that determines a stage's product; the settings by their own key, which siblings share. */
  private record Description(StageKey parent, StageKey settings, int revision) {}

  private static final class Stage {
    final StageKey parent;
    final StageTask.Step step;
    final List<StageKey> children = new ArrayList<>(1);

    Stage(StageKey parent, StageTask.Step step) {
      this.parent = parent;
      this.step = step;
    }
  }

  /**
   * The tree of some candidates.
   *
   * @param root key of the teacher, where every path starts
   */
  public static StageTree of(StageKey root, List<Candidate> candidates) {
    Map<StageKey, Stage> stages = new LinkedHashMap<>();
    Map<Candidate, StageKey> keys = new LinkedHashMap<>();
    // Of identities, since a grid has one object for equal stages and to hash one takes its time.
    Map<StageSettings, StageKey> settingsKeys = new IdentityHashMap<>();
    int unshared = 0;
    List<Stage> previous = List.of();
    for (Candidate candidate : candidates) {
      List<Stage> path = new ArrayList<>(candidate.stages().size());
      StageKey parent = root;
      for (StageSettings settings : candidate.stages()) {
        int depth = path.size();
        if (depth < previous.size()
            && previous.get(depth).parent.equals(parent)
            && previous.get(depth).step.settings() == settings) {
          path.add(previous.get(depth));
        } else {
          StageKey own = settingsKeys.computeIfAbsent(settings, s -> StageKey.of((Record) s));
          StageKey key = StageKey.of(new Description(parent, own, REVISION));
          Stage stage = stages.get(key);
          if (stage == null) {
            stage = new Stage(parent, new StageTask.Step(key, settings));
            stages.put(key, stage);
            if (depth > 0) {
              path.get(depth - 1).children.add(key);
            }
          }
          path.add(stage);
        }
        parent = path.get(depth).step.key();
        unshared++;
      }
      previous = path;
      keys.put(candidate, parent);
    }
    Map<StageKey, Node> nodes = new LinkedHashMap<>();
    for (Stage stage : stages.values()) {
      if (!travelsWithParent(stage, stages.get(stage.parent))) {
        Stage last = lastOfTask(stage, stages);
        List<StageKey> children = new ArrayList<>();
        for (StageKey child : last.children) {
          children.add(lastOfTask(stages.get(child), stages).step.key());
        }
        nodes.put(last.step.key(), new Node(task(stage, stages), children));
      }
    }
    return new StageTree(root, nodes, keys, stages.size(), unshared);
  }

  private static Stage lastOfTask(Stage first, Map<StageKey, Stage> stages) {
    Stage last = first;
    while (last.children.size() == 1 && travelsWithParent(stages.get(last.children.get(0)), last)) {
      last = stages.get(last.children.get(0));
    }
    return last;
  }

  private static StageTask task(Stage first, Map<StageKey, Stage> stages) {
    List<StageTask.Step> steps = new ArrayList<>();
    steps.add(first.step);
    Stage last = lastOfTask(first, stages);
    for (Stage stage = first; stage != last; ) {
      stage = stages.get(stage.children.get(0));
      steps.add(stage.step);
    }
    return new StageTask(first.parent, steps);
  }

  /** Encoding takes milliseconds: less than a task of its own and a trip through the store. */
  private static boolean travelsWithParent(Stage stage, @Nullable Stage parent) {
    return parent != null
        && parent.children.size() == 1
        && stage.step.settings().kind() == StageSettings.Kind.ENCODE;
  }

  /** Key of the teacher. */
  public StageKey root() {
    return root;
  }

  /** All tasks by their keys, each after the one it starts from. */
  public Map<StageKey, Node> nodes() {
    return nodes;
  }

  /** The key of each candidate's last stage, in the candidates' order. */
  public Map<Candidate, StageKey> keys() {
    return keys;
  }

  /** How many distinct stages there are. */
  public int stages() {
    return stages;
  }

  /** How many stages there would be if no candidate shared any. */
  public int stagesOfCandidates() {
    return stagesOfCandidates;
  }
}
