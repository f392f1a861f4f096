package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.Start;
import dev.pare.data.DataException;
import dev.pare.data.TrainingData;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.pipeline.StageStore;
import dev.pare.pipeline.TeacherStage;
import dev.pare.plan.StudentArchitectures;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.spec.ArchitectureSpec;
import dev.pare.spec.Dimension;
import dev.pare.spec.SweepSpec;
import dev.pare.task.LocalProvenance;
import dev.pare.train.ImportedNetwork;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** The networks that a sweep's students may begin with, in place of the teacher. */
public final class StudentNetworks {
  /** Changes whenever the same file would give another network. */
  private static final int REVISION = 1;

  private static final Dimension ARCHITECTURE = new Dimension("architecture");
  private static final Dimension WIDTH = new Dimension("width");

  private final StudentArchitectures architectures;

  /** Those whose weights students begin with. */
  private final Map<StageKey, ImportedNetwork> own;

  private StudentNetworks(StudentArchitectures architectures, Map<StageKey, ImportedNetwork> own) {
    this.architectures = architectures;
    this.own = Map.copyOf(own);
  }

  /** What determines a network whose weights students begin with. */
  private record OwnWeights(String sha256, InputShape input, int reader, int revision) {}

  /**
   * Reads what the candidates of a sweep may begin with.
   *
   * @param teacher its layers
   * @throws DataException naming the setting, if a network cannot be used for the data
   */
  public static StudentNetworks of(
      SweepSpec spec, TrainingData data, Configuration hadoop, Architecture teacher) {
    InputShape input = DataNetworks.input(data);
    Map<String, StudentArchitectures.Known> known = new HashMap<>();
    Map<StageKey, ImportedNetwork> own = new HashMap<>();
    known.put(Start.TEACHER, new StudentArchitectures.Known(teacher, null));
    spec.architecturesInUse()
        .forEach(
            (name, one) -> {
              String section = "architectures." + name;
              if (one.named() != null) {
                Architecture layers =
                    DataNetworks.architecture(section + ".architecture", one.named(), data);
                known.put(name, new StudentArchitectures.Known(layers, null));
              } else {
                known.put(name, read(section + ".model", one, input, data, hadoop, own));
              }
            });
    checkWidths(spec, known);
    return new StudentNetworks(new StudentArchitectures(known), own);
  }

  private static StudentArchitectures.Known read(
      String setting,
      ArchitectureSpec one,
      InputShape input,
      TrainingData data,
      Configuration hadoop,
      Map<StageKey, ImportedNetwork> own) {
    String model = requireNonNull(one.model());
    byte[] file = TeacherFile.read(setting, model, hadoop);
    ImportedNetwork read = TeacherFile.network(setting, model, file, input, data);
    StageKey key = null;
    if (one.weights() == ArchitectureSpec.Weights.FILE) {
      int reader = TeacherFile.revision(setting, model, file);
      key = StageKey.of(new OwnWeights(Sha256.hex(file), input, reader, REVISION));
      own.put(key, read);
    }
    return new StudentArchitectures.Known(read.network().architecture(), key);
  }

  /** A width that leaves all units there are would be a name for something else. */
  private static void checkWidths(SweepSpec spec, Map<String, StudentArchitectures.Known> known) {
    for (String name : spec.valuesOf(ARCHITECTURE)) {
      for (String width : spec.valuesOf(WIDTH)) {
        Architecture whole = requireNonNull(known.get(name)).architecture();
        double share = Double.parseDouble(width);
        if (share < 1 && ReducedNetwork.narrowed(whole, share).equals(whole)) {
          throw new DataException(
              "width = "
                  + width
                  + ": leaves architecture = "
                  + name
                  + " as it is, as it has too few hidden units that can be left out");
        }
      }
    }
  }

  /** What they are, by their names. */
  public StudentArchitectures architectures() {
    return architectures;
  }

  /** Puts those whose weights students begin with into the store, unless they are there. */
  public void keep(StageStore store) {
    own.forEach(
        (key, read) -> {
          Network network = read.network();
          TeacherStage.write(
              store,
              key,
              network,
              LocalProvenance.provenance(key.seed()).withComparison(read.comparison()));
        });
  }
}
