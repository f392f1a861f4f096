package dev.pare.cli;

import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Credentials;
import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.ExamplesDigest;
import dev.pare.data.TestData;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.NetworkInputs;
import dev.pare.examine.Examination;
import dev.pare.examine.Finding;
import dev.pare.examine.Groups;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import dev.pare.graph.Network;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.TeacherStage;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.ModelFile;
import dev.pare.report.card.ModelCard;
import dev.pare.run.ListedTeacher;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Examines files on a configuration's data, and makes their cards. */
final class FileExaminer {
  private final String conf;
  private final SweepSpec sweep;
  private final ExaminationOptions options;
  private final Configuration hadoop;

  FileExaminer(
      String conf, List<String> overrides, ExaminationOptions options, Configuration hadoop) {
    this.conf = conf;
    this.sweep = SweepSpec.load(conf, overrides);
    this.options = options;
    this.hadoop = hadoop;
  }

  /**
   * The card of one file, beside the configuration's teacher.
   *
   * @throws DataException if it is of a frontier whose files were made from another teacher, or the
   *     teacher's file is not the one that a sweep's frontier has under its name
   */
  ModelCard card(String file) throws IOException {
    Optional<ModelFile.Listed> listed = ModelFile.listed(file, hadoop);
    @Nullable FrontierRow row = listed.map(ModelFile.Listed::row).orElse(null);
    ExaminedFile examined = ModelFile.read(file, hadoop, in -> ExaminedFile.read(file, row, in));
    TrainingData training = DataLoader.loadTraining(sweep.data(), hadoop);
    ListedTeacher.check(sweep, hadoop);
    Network teacher =
        TeacherProvider.existing(
            sweep, training, new HadoopStageStore(sweep.store(), hadoop), hadoop);
    @Nullable String made = listed.map(ModelFile.Listed::teacher).orElse(null);
    if (made != null
        && !made.equals(Sha256.hex(TeacherStage.file(teacher, training.preparation())))) {
      throw new DataException(
          "%s: its frontier.json names another teacher than %s has;"
                  .formatted(Credentials.inMessage(file), conf)
              + " a copy elsewhere can be compared with any");
    }
    return cards(teacher, List.of(examined), training, null).get(0);
  }

  /**
   * The cards of a frontier's files beside its teacher, which are then beside the files.
   *
   * @throws DataException if the configuration is not known to be of these results, or a file that
   *     is no card has a card's name
   */
  List<ModelCard> cards(SweepFolder folder) throws IOException {
    FrontierReport frontier = FrontierFiles.read(folder);
    for (FrontierRow row : frontier.rows()) {
      checkPlace(folder, row.file());
    }
    TrainingData training = DataLoader.loadTraining(sweep.data(), hadoop);
    checkSweep(folder, training);
    Network teacher =
        ModelFile.read(
            folder.path(SweepFolder.TEACHER).toString(),
            hadoop,
            in -> new ArtifactReader().read(in).toNetwork());
    List<ExaminedFile> files = new ArrayList<>();
    for (FrontierRow row : frontier.rows()) {
      files.add(ModelFile.read(folder, row, hadoop, in -> ExaminedFile.read(row.file(), row, in)));
    }
    List<ModelCard> cards = cards(teacher, files, training, frontier.teacher().testSha256());
    for (int i = 0; i < cards.size(); i++) {
      String file = files.get(i).name();
      // JSON first: by it the pair is known to be a card, also if nothing more gets written.
      folder.replace(SweepFolder.cardData(file), cards.get(i).json());
      folder.replace(SweepFolder.card(file), cards.get(i).markdown());
    }
    return cards;
  }

  /** What a person has under a card's name stays. */
  private static void checkPlace(SweepFolder folder, String file) throws IOException {
    for (String name : List.of(SweepFolder.card(file), SweepFolder.cardData(file))) {
      if (folder.findCard(file).isEmpty() && folder.has(name)) {
        throw new DataException(
            folder.path(name) + ": is no card of " + file + ", whose card would replace it");
      }
    }
  }

  /** Findings beside another teacher, or on other data, would say nothing of the frontier. */
  private void checkSweep(SweepFolder folder, TrainingData training) throws IOException {
    Set<StageKey> keys = References.of(folder).map(References::keys).orElse(Set.of());
    if (keys.isEmpty()) {
      throw new DataException(
          "%s: %s is missing or names nothing, so that it is not known whether they are of %s"
              .formatted(folder.title(), SweepFolder.REFERENCES, conf));
    }
    ListedTeacher.check(sweep, hadoop);
    if (!keys.contains(TeacherProvider.key(sweep, training, hadoop))) {
      throw new DataException(
          "%s: its data or its teacher are not those of the results in %s"
              .formatted(conf, folder.title()));
    }
  }

  /**
   * @param known SHA-256 of the test examples that the files were tested on; null where any will do
   */
  private List<ModelCard> cards(
      Network teacher, List<ExaminedFile> files, TrainingData training, @Nullable String known) {
    if (files.isEmpty()) {
      return List.of();
    }
    TestData test = DataLoader.loadTest(sweep.data(), training.form(), hadoop);
    if (known != null && !known.equals(ExamplesDigest.of(test.examples()))) {
      throw new DataException(
          "%s: its test data are not those that the results were tested on; run the sweep again"
              .formatted(conf));
    }
    for (ExaminedFile file : files) {
      FileData.check(file.name(), file.contents().network().preparation(), conf, training);
      NetworkInputs.check(file.network().architecture(), training, sweep.data());
      NetworkInputs.check(file.network().architecture(), test, sweep.data());
    }
    @Nullable Groups groups =
        options.groups() == null
            ? null
            : Groups.of(test.examples(), training.preparation(), options.groups());
    List<List<Finding>> findings =
        new Examination(
                training, test.examples(), groups, teacher.architecture(), options.settings())
            .of(teacher, files.stream().map(ExaminedFile::network).toList());
    CardFacts facts = new CardFacts(sweep, training, test, teacher, options.settings().seed());
    List<ModelCard> cards = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      cards.add(facts.card(files.get(i), findings.get(i)));
    }
    return cards;
  }
}
