package dev.pare.run;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.StageKey;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import dev.pare.plan.StageTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes what a sweep refers to in its store while its tree grows: the teacher, and the product of
 * every stage; while a search goes on also what an earlier run noted, which this one may come to
 * again. That run's frontier is there until this one's is.
 *
 * <p>All is written anew each time. So of a tree that grows by little at a time it is written only
 * when there are a sixteenth more stages, and when all are known: of n stages then some 17 n keys,
 * whatever the steps in which they come. What is not noted yet is young, and no {@code pare store
 * gc} takes it.
 */
final class ReferenceNotes {
  private static final Logger LOG = LoggerFactory.getLogger(ReferenceNotes.class);

  private static final int SHARE = 16;

  private final StageTree tree;
  private final String configuration;
  private final Map<String, String> teachers;
  private final Supplier<References> earlier;
  private final Consumer<References> writer;

  /** What an earlier run noted; null until that is asked. */
  private @Nullable References before;

  /** How many stages are noted; none where not even the teacher is. */
  private int noted = -1;

  private boolean isEnd;

  /**
   * @param configuration SHA-256 of that among the results
   * @param teachers SHA-256 of the teacher's files among the results, by their names
   * @param earlier what an earlier run noted; asked once, before anything is written
   * @param writer takes what there is to be written
   */
  ReferenceNotes(
      StageTree tree,
      String configuration,
      Map<String, String> teachers,
      Supplier<References> earlier,
      Consumer<References> writer) {
    this.tree = requireNonNull(tree, "tree is null");
    this.configuration = requireNonNull(configuration, "configuration is null");
    this.teachers = Map.copyOf(teachers);
    this.earlier = requireNonNull(earlier, "earlier is null");
    this.writer = requireNonNull(writer, "writer is null");
  }

  /**
   * Notes among a sweep's results.
   *
   * @param configuration SHA-256 of that among the results
   * @param teachers SHA-256 of the teacher's files among the results, by their names
   */
  static ReferenceNotes in(
      SweepFolder folder, StageTree tree, String configuration, Map<String, String> teachers) {
    return new ReferenceNotes(
        tree, configuration, teachers, () -> earlier(folder), folder::writeReferences);
  }

  /** A file that a person has spoiled ends no sweep. */
  private static References earlier(SweepFolder folder) {
    References none = new References(Optional.empty(), Map.of(), Set.of());
    try {
      return References.of(folder).orElse(none);
    } catch (IOException e) {
      LOG.warn("{}; it is written anew", e.getMessage());
      return none;
    }
  }

  /**
   * The tree may have grown.
   *
   * @param complete whether it will grow no more
   */
  void grown(boolean complete) {
    if (noted < 0 || complete != isEnd || tree.stages() - noted > noted / SHARE) {
      write(complete);
    }
  }

  /** The tree runs no more, for whatever reason: notes what is not noted yet, if it can be. */
  void end() {
    if (tree.stages() > noted) {
      try {
        write(isEnd);
      } catch (UncheckedIOException e) {
        // Why the sweep stops is the better reason.
        LOG.warn("what the sweep refers to cannot be noted: {}", e.getMessage());
      }
    }
  }

  private void write(boolean complete) {
    References known = before == null ? earlier.get() : before;
    before = known;
    Set<StageKey> keys = new LinkedHashSet<>();
    tree.all().forEach(stage -> keys.add(stage.key()));
    keys.addAll(tree.roots());
    if (!complete) {
      keys.addAll(known.keys());
    }
    // The ledger grows until there is a frontier again.
    writer.accept(
        new References(
            Optional.of(configuration),
            known.frontiers(),
            OptionalInt.empty(),
            Optional.empty(),
            teachers,
            known.runs(),
            keys));
    noted = tree.stages();
    isEnd = complete;
  }
}
