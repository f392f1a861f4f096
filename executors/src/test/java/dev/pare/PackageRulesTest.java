package dev.pare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.pare.data.ExamplesView;
import java.util.List;
import java.util.Set;

/** Holds the order of the packages: each knows only those above it. */
@AnalyzeClasses(
    packages = "dev.pare",
    importOptions = {DoNotIncludeTests.class, PackageRulesTest.NoTestJars.class})
class PackageRulesTest {
  /** Leaves out the runtime's tests, which come as a jar. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static final List<String> ORDER =
      List.of(
          "graph",
          "prepare",
          "codec",
          "artifact",
          "kernel",
          "predict",
          "candidate",
          "data",
          "model",
          "structure",
          "layers",
          "train",
          "opencl",
          "onnx",
          "sparsify",
          "factorize",
          "regularize",
          "regrow",
          "quantize",
          "rewrite",
          "evaluate",
          "examine",
          "export",
          "csource",
          "pipeline",
          "task");

  private static final Set<String> JAVA_BASE =
      ModuleLayer.boot().findModule("java.base").orElseThrow().getPackages();

  @ArchTest
  static void aPackageImportsOnlyFromThoseAboveIt(JavaClasses classes) {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      String[] below =
          ORDER.subList(i + 1, ORDER.size()).stream()
              .map(name -> "dev.pare." + name + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("dev.pare." + ORDER.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(below)
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  @ArchTest
  static void everyPackageHasItsPlaceInTheOrder(JavaClasses classes) {
    ArchRuleDefinition.classes()
        .should()
        .resideInAnyPackage(ORDER.stream().map(name -> "dev.pare." + name).toArray(String[]::new))
        .check(classes);
  }

  @ArchTest
  static void theRulesHoldForTheRuntimeToo(JavaClasses classes) {
    assertThat(classes.contain("dev.pare.predict.Predictor")).isTrue();
    assertThat(classes.contain("dev.pare.graph.OperatorSamples")).isFalse();
  }

  /** Else it would have the bytes of what it views. */
  @ArchTest
  static void whoChangesFeaturesSaysWhetherTheyAreBytes(JavaClasses classes) {
    List<JavaClass> changing =
        classes.stream()
            .filter(type -> type.isAssignableTo(ExamplesView.class) && has(type, "copyFeatures"))
            .toList();
    assertThat(changing).hasSizeGreaterThan(4).allMatch(type -> has(type, "areBytes"));
  }

  private static boolean has(JavaClass type, String method) {
    return type.getMethods().stream().anyMatch(own -> own.getName().equals(method));
  }

  @ArchTest
  static void packagesHaveNoCycles(JavaClasses classes) {
    slices().matching("dev.pare.(*)..").should().beFreeOfCycles().check(classes);
  }

  @ArchTest
  static void theRuntimeAndCandidateNeedNothingButJava(JavaClasses classes) {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.pare.graph..",
            "dev.pare.prepare..",
            "dev.pare.codec..",
            "dev.pare.artifact..",
            "dev.pare.kernel..",
            "dev.pare.predict..",
            "dev.pare.candidate..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe("are outside java.base", PackageRulesTest::foreign))
        .check(classes);
  }

  private static boolean foreign(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    return !(type.getBaseComponentType().isPrimitive()
        || JAVA_BASE.contains(name)
        || name.startsWith("org.jspecify.")
        || name.startsWith("dev.pare."));
  }

  @ArchTest
  static void codecKnowsNoOtherPackage(JavaClasses classes) {
    noClasses()
        .that()
        .resideInAPackage("dev.pare.codec..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are Pare's but not the codec's",
                type ->
                    type.getPackageName().startsWith("dev.pare.")
                        && !type.getPackageName().startsWith("dev.pare.codec")))
        .allowEmptyShould(true)
        .check(classes);
  }

  @ArchTest
  static void onlyTaskKnowsSpark(JavaClasses classes) {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pare.task..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .check(classes);
  }

  @ArchTest
  static void onlyModelLayersTrainAndTaskKnowDl4j(JavaClasses classes) {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.pare.model..",
            "dev.pare.layers..",
            "dev.pare.train..",
            "dev.pare.onnx..",
            "dev.pare.export..",
            "dev.pare.task..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..")
        .check(classes);
  }

  /** Of ND4J, packages onnx and export have the messages of ONNX and of protocol buffers. */
  @ArchTest
  static void onlyOnnxAndExportKnowOnnx(JavaClasses classes) {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.pare.onnx..", "dev.pare.export..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("onnx..")
        .check(classes);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pare.onnx..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.onnxruntime..")
        .check(classes);
    noClasses()
        .that()
        .resideInAnyPackage("dev.pare.onnx..", "dev.pare.export..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are of ND4J or DL4J, but for protocol buffers",
                type -> {
                  String name = type.getBaseComponentType().getPackageName();
                  return name.startsWith("org.nd4j.") && !name.startsWith("org.nd4j.shade.protobuf")
                      || name.startsWith("org.deeplearning4j.")
                      || name.startsWith("org.bytedeco.");
                }))
        .check(classes);
  }

  @ArchTest
  static void nothingDeserializesObjectsOfJava(JavaClasses classes) {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.io\\.Object(Input|Output)Stream|java\\.io\\.ObjectInput.*"
                + "|org\\.apache\\.commons\\.lang3?\\.SerializationUtils"
                + "|org\\.nd4j\\.common\\.util\\.SerializationUtils"
                + "|org\\.deeplearning4j\\.util\\.ModelGuesser")
        .check(classes);
    // ModelSerializer makes objects of what it reads; to write, it is Dl4jNetworks alone.
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "reads a file of DL4J",
                call ->
                    call.getTargetOwner()
                                .getName()
                                .equals("org.deeplearning4j.util.ModelSerializer")
                            && !call.getName().startsWith("write")
                        || call.getTargetOwner()
                                .getName()
                                .matches(".*\\.(MultiLayerNetwork|ComputationGraph)")
                            && call.getName().equals("load")))
        .check(classes);
    // And of the JSON of DL4J, which names classes, only one class reads any.
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.pare.model.LayerJson")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "reads DL4J's JSON",
                call ->
                    call.getName().equals("fromJson")
                            && call.getTargetOwner().getName().startsWith("org.deeplearning4j.")
                        || call.getName().equals("mapper")
                            && call.getTargetOwner().getName().endsWith("NeuralNetConfiguration")))
        .check(classes);
  }

  /** A name in a file from outside must never become a class. */
  @ArchTest
  static void nothingLoadsAClassByName(JavaClasses classes) {
    noClasses()
        .that()
        // Which looks for one of ND4J's own, by a constant.
        .doNotHaveFullyQualifiedName("dev.pare.train.Dl4jEngine$Kind")
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
        .check(classes);
  }

  @ArchTest
  static void nothingPrints(JavaClasses classes) {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(classes);
  }

  @ArchTest
  static void namesSayWhatATypeIs(JavaClasses classes) {
    noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Manager|Impl)").check(classes);
  }
}
