package dev.pare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.List;

@AnalyzeClasses(packages = "dev.pare", importOptions = DoNotIncludeTests.class)
class DriverPackageRulesTest {
  /** A package imports only from those before it; the sweep itself comes before the commands. */
  private static final List<String> ORDER =
      List.of(
          "dev.pare.spec..",
          "dev.pare.plan..",
          "dev.pare.schedule..",
          "dev.pare.frontier..",
          "dev.pare.ledger..",
          "dev.pare.report..",
          "dev.pare",
          "dev.pare.cli..");

  @ArchTest
  static void aPackageImportsOnlyFromThoseAboveIt(JavaClasses classes) {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      String[] below = ORDER.subList(i + 1, ORDER.size()).toArray(new String[0]);
      noClasses()
          .that()
          .resideInAPackage(ORDER.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(below)
          .check(classes);
    }
  }

  @ArchTest
  static void whatIsPlannedAndReportedNeedsNoSpark(JavaClasses classes) {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.pare.spec..", "dev.pare.plan..", "dev.pare.frontier..", "dev.pare.report..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..")
        .check(classes);
  }

  @ArchTest
  static void nothingForExecutorsKnowsTheDriver(JavaClasses classes) {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.pare.candidate..",
            "dev.pare.data..",
            "dev.pare.model..",
            "dev.pare.train..",
            "dev.pare.artifact..",
            "dev.pare.pipeline..",
            "dev.pare.task..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ORDER.toArray(new String[0]))
        .check(classes);
  }
}
