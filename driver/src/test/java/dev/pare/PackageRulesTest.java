package dev.pare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.List;

/** Holds the order of the packages: each knows only those above it. */
@AnalyzeClasses(packages = "dev.pare", importOptions = PackageRulesTest.DriverClasses.class)
class PackageRulesTest {
  /** {@code dev.pare} itself, which holds the entry for programs, comes before {@code cli}. */
  private static final List<String> ORDER =
      List.of(
          "dev.pare.search..",
          "dev.pare.spec..",
          "dev.pare.plan..",
          "dev.pare.schedule..",
          "dev.pare.result..",
          "dev.pare.folder..",
          "dev.pare.frontier..",
          "dev.pare.ledger..",
          "dev.pare.importance..",
          "dev.pare.report..",
          "dev.pare.status..",
          "dev.pare.history..",
          "dev.pare.run..",
          "dev.pare.compress..",
          "dev.pare.score..",
          "dev.pare",
          "dev.pare.cli..");

  /** The executors' classes are on the class path, too, and have their own rules. */
  static final class DriverClasses implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return location.contains("/driver/target/classes/");
    }
  }

  @ArchTest
  static void aPackageImportsOnlyFromThoseAboveIt(JavaClasses driver) {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      noClasses()
          .that()
          .resideInAPackage(ORDER.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ORDER.subList(i + 1, ORDER.size()).toArray(String[]::new))
          .allowEmptyShould(true)
          .check(driver);
    }
  }

  @ArchTest
  static void everyPackageHasItsPlaceInTheOrder(JavaClasses driver) {
    classes()
        .should()
        .resideInAnyPackage(ORDER.toArray(String[]::new))
        .allowEmptyShould(true)
        .check(driver);
  }

  @ArchTest
  static void packagesHaveNoCycles(JavaClasses driver) {
    slices()
        .matching("dev.pare.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(driver);
  }

  @ArchTest
  static void sparkStaysOutOfWhatOnlyReckons(JavaClasses driver) {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.pare.spec..",
            "dev.pare.plan..",
            "dev.pare.search..",
            "dev.pare.result..",
            "dev.pare.frontier..",
            "dev.pare.importance..",
            "dev.pare.report..",
            "dev.pare.history..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .allowEmptyShould(true)
        .check(driver);
  }

  @ArchTest
  static void onlyScheduleKnowsDl4j(JavaClasses driver) {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pare.schedule..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..")
        .allowEmptyShould(true)
        .check(driver);
  }

  @ArchTest
  static void onlyCliPrints(JavaClasses driver) {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pare.cli..")
        .should(ACCESS_STANDARD_STREAMS)
        .allowEmptyShould(true)
        .check(driver);
  }

  /** A name in a file from outside must never become a class. */
  @ArchTest
  static void nothingLoadsAClassByName(JavaClasses driver) {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "loads a class by name",
                call ->
                    (call.getTargetOwner().getFullName() + "." + call.getName())
                        .matches(
                            "java\\.lang\\.Class\\.forName"
                                + "|.*ClassLoader\\.(loadClass|findClass|defineClass)"
                                + "|java\\.lang\\.invoke\\.MethodHandles\\$Lookup"
                                + "\\.(findClass|defineClass)"
                                + "|org\\.apache\\.spark\\.util\\..*\\.classForName")))
        .allowEmptyShould(true)
        .check(driver);
    // Spark's readers of saved stages load what the file names.
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("org\\.apache\\.spark\\.ml\\.util\\.DefaultParamsRead.*")
        .allowEmptyShould(true)
        .check(driver);
  }

  /** What reads HOCON otherwise includes from anywhere. */
  @ArchTest
  static void onlySpecReadsHocon(JavaClasses driver) {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pare.spec..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("com.typesafe.config.ConfigFactory")
        .allowEmptyShould(true)
        .check(driver);
  }

  @ArchTest
  static void namesSayWhatATypeIs(JavaClasses driver) {
    noClasses()
        .should()
        .haveNameMatching(".*(Utils?|Helpers?|Manager|Impl)")
        .allowEmptyShould(true)
        .check(driver);
  }
}
