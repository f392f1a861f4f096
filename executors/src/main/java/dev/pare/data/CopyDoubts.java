package dev.pare.data;

import dev.pare.candidate.Task;
import dev.pare.data.ExampleHashes.Compared;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Examples that are there more often than once, with the same label or another. */
final class CopyDoubts {
  /** Of fewer examples nothing follows. */
  private static final int FEWEST = 20;

  /**
   * Fewer copies are left unsaid, by their number and as a share. MNIST and Fashion-MNIST have
   * none, and tables that are known to have them, as UCI's of splice junctions and of image
   * segments, 4 to 5%; what has more because it has few values is known by its neighbours. A sparse
   * table of baskets has 0.4% that are empty.
   */
  private static final int FEWEST_COPIES = 3;

  private static final double LEAST_COPIED = 0.005;

  /** So many times as many examples as there are of one are usual. */
  private static final int FEW_OF_MOST = 4;

  /** So many of one example are many where nearly all others differ, as a share of them, too. */
  private static final int FEWEST_ALIKE = 10;

  private static final double LEAST_ALIKE = 0.01;

  private static final double NEARLY_ALL = 0.9;

  private final TrainingData data;
  private final Part trained;
  private final Part validation;

  /** The most that chance explains, as a share of the examples. */
  private final double chance;

  /** The same of examples that are all alike. */
  private final double commonest;

  private final List<String> doubts = new ArrayList<>();

  private CopyDoubts(TrainingData data) {
    this.data = data;
    this.trained = Part.of("training", data.train());
    this.validation = Part.of("validation", data.validation());
    this.chance = ExampleHashes.chance(data.train());
    this.commonest = ExampleHashes.commonest(data.train());
  }

  private record Part(String kind, ExampleHashes all, ExampleHashes features) {
    static Part of(String kind, Examples examples) {
      return new Part(
          kind,
          ExampleHashes.of(examples, Compared.ALL),
          ExampleHashes.of(examples, Compared.FEATURES));
    }

    int size() {
      return all.size();
    }
  }

  /**
   * @param test null where there are no test data
   */
  static List<String> of(TrainingData data, @Nullable TestData test) {
    CopyDoubts doubts = new CopyDoubts(data);
    doubts.training();
    if (test == null) {
      doubts.copied(List.of(doubts.validation));
    } else {
      doubts.testing(test, Part.of("test", test.examples()));
    }
    return doubts.doubts;
  }

  private void training() {
    String own = data.validationDigest();
    if (data.trainingDigest().equals(own) && validation.all.hasAllOf(trained.all)) {
      doubts.add(
          "the validation data are the training data, byte for byte: validation errors say nothing");
    }
    repeated(trained);
    if (own != null) {
      repeated(validation);
    }
  }

  /** Of what files hold: arrays of one archive have one digest. */
  private void testing(TestData test, Part tested) {
    String own = data.validationDigest();
    if (test.digest().equals(own) && tested.all.hasAllOf(validation.all)) {
      doubts.add("the test data are the validation data, byte for byte: files are chosen by them");
    } else if (own != null) {
      validated(tested);
    }
    if (test.files() == TestData.Files.OWN
        && data.trainingDigest().equals(test.digest())
        && tested.all.hasAllOf(trained.all)) {
      doubts.add("the test data are the training data, byte for byte: test errors say nothing");
      copied(List.of(validation));
    } else {
      repeated(tested);
      copied(List.of(validation, tested));
    }
  }

  /** Examples of which some are there again and again. */
  private void repeated(Part part) {
    int size = part.size();
    int distinct = part.all.distinct();
    int most = part.features.most();
    if (size < FEWEST) {
      return;
    }
    if (isAlone(most, part.features) && isAlike(most, part)) {
      sameFeatures(most, part);
    } else if (tooMany(size - distinct, part.all)) {
      doubts.add("only %d of %d %s examples differ".formatted(distinct, size, part.kind));
    } else if (FEW_OF_MOST * most >= size && isAlike(most, part)) {
      sameFeatures(most, part);
    }
  }

  /** Whether chance does not explain that there are so many of one example. */
  private boolean isAlike(int most, Part part) {
    return most > commonest * part.size() && most > part.features.neighbours();
  }

  private void sameFeatures(int most, Part part) {
    doubts.add(
        "%d of %d %s examples have the same features%s"
            .formatted(most, part.size(), part.kind, blank(part.features.mostFrequent())));
  }

  /** Whether one example is there again and again, as one that could not be read, and no other. */
  private static boolean isAlone(int most, ExampleHashes features) {
    int others = features.size() - most;
    return others > 0
        && most >= Math.max(FEWEST_ALIKE, LEAST_ALIKE * features.size())
        && features.distinct() - 1 >= NEARLY_ALL * others;
  }

  /** That they are all one number, in some words. */
  private static String blank(float[] features) {
    for (float feature : features) {
      if (feature != features[0]) {
        return "";
      }
    }
    return features.length == 1 ? "" : ", all of them " + DataSummary.text(features[0]);
  }

  /** Examples that are training examples, too, or would be with another label. */
  private void copied(List<Part> others) {
    told(
        others,
        Part::all,
        part -> trained.all.count(part.all),
        " examples are training examples, too: errors on these say little");
    boolean numbers = data.train().task() == Task.REGRESSION;
    told(
        others,
        Part::features,
        part -> trained.features.count(part.features) - trained.all.count(part.all),
        " examples have the features of training examples, but other "
            + (numbers ? "targets" : "labels"));
    // Who measures again may well have another number.
    int relabelled = numbers ? 0 : trained.all.distinct() - trained.features.distinct();
    if (tooMany(relabelled, trained.features)) {
      doubts.add(
          "the features of %d of %d training examples are there with another label, too"
              .formatted(relabelled, trained.size()));
    }
  }

  private void told(
      List<Part> others,
      Function<Part, ExampleHashes> compared,
      ToIntFunction<Part> count,
      String what) {
    boolean doubted = false;
    List<String> counts = new ArrayList<>();
    for (Part part : others) {
      int copied = count.applyAsInt(part);
      doubted |= tooMany(copied, compared.apply(trained), compared.apply(part), chance);
      counts.add("%d of %d %s".formatted(copied, part.size(), part.kind));
    }
    if (doubted) {
      doubts.add(String.join(" and ", counts) + what);
    }
  }

  /** Test examples that are validation examples, too. */
  private void validated(Part tested) {
    int copied = validation.all.count(tested.all);
    if (tooMany(copied, validation.all, tested.all, ExampleHashes.chance(data.validation()))) {
      doubts.add(
          "%d of %d test examples are validation examples, too: files are chosen by these"
              .formatted(copied, tested.size()));
    }
  }

  /** Whether chance does not explain so many. */
  private static boolean tooMany(
      int copied, ExampleHashes known, ExampleHashes among, double chance) {
    return isMany(copied, among.size(), chance)
        && copied > known.neighbours(among, known.count(among));
  }

  /** The same of what is among the examples themselves. */
  private boolean tooMany(int copied, ExampleHashes among) {
    return isMany(copied, among.size(), chance) && copied > among.neighbours();
  }

  private static boolean isMany(int copied, int size, double chance) {
    return copied >= FEWEST_COPIES && copied > Math.max(LEAST_COPIED, chance) * size;
  }
}
