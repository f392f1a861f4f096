package dev.pare.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.pare.SmallSweep;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every manifest against the models of its kinds, in which no other field is allowed. */
class KubernetesManifestsTest {
  private static final Path FOLDER = SmallSweep.ROOT.resolve("deploy/kubernetes");
  private static final YAMLMapper YAML = new YAMLMapper();

  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "Namespace", Namespace.class,
          "ServiceAccount", ServiceAccount.class,
          "Role", Role.class,
          "RoleBinding", RoleBinding.class,
          "CronJob", CronJob.class);

  /** Without the models' catch-all for unknown fields. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              });

  private static List<JsonNode> documents(String file) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> all =
        YAML.readerFor(JsonNode.class).readValues(FOLDER.resolve(file).toFile())) {
      all.forEachRemaining(documents::add);
    }
    return documents;
  }

  private static Object model(JsonNode document) throws IOException {
    return STRICT.treeToValue(document, KINDS.get(document.get("kind").asText()));
  }

  private static Set<ValidationMessage> operatorProblems(JsonNode document) throws IOException {
    try (InputStream in =
        KubernetesManifestsTest.class.getResourceAsStream("spark-operator.schema.json")) {
      JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(in);
      return schema.validate(document);
    }
  }

  @Test
  void everyManifestIsChecked() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith(".yaml")))
          .containsExactlyInAnyOrder(
              "rbac.yaml",
              "cronjob.yaml",
              "sparkapplication.yaml",
              "scheduledsparkapplication.yaml");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rbac.yaml", "cronjob.yaml"})
  void kubernetesOwnKindsFitTheirModels(String file) throws IOException {
    List<JsonNode> documents = documents(file);

    assertThat(documents).isNotEmpty();
    for (JsonNode document : documents) {
      // What the model writes again is what was read: no value was lost or changed its type.
      JsonNode again = STRICT.valueToTree(model(document));
      assertThat(contains(again, document)).as(document.toPrettyString()).isTrue();
    }
  }

  private static boolean contains(JsonNode whole, JsonNode part) {
    if (part.isObject()) {
      return part.properties().stream()
          .allMatch(e -> whole.has(e.getKey()) && contains(whole.get(e.getKey()), e.getValue()));
    }
    if (part.isArray()) {
      return part.size() == whole.size()
          && java.util.stream.IntStream.range(0, part.size())
              .allMatch(i -> contains(whole.get(i), part.get(i)));
    }
    return whole.getNodeType() == part.getNodeType() && whole.asText().equals(part.asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sparkapplication.yaml", "scheduledsparkapplication.yaml"})
  void theOperatorsKindsFitTheirSchema(String file) throws IOException {
    assertThat(documents(file))
        .singleElement()
        .satisfies(document -> assertThat(operatorProblems(document)).isEmpty());
  }

  @Test
  void aMistakeWouldBeSeen() throws IOException {
    JsonNode cron = documents("cronjob.yaml").get(0);
    ((ObjectNode) cron.at("/spec/jobTemplate/spec/template/spec/containers/0")).put("imgae", "x");
    assertThatThrownBy(() -> model(cron)).isInstanceOf(UnrecognizedPropertyException.class);

    JsonNode application = documents("sparkapplication.yaml").get(0);
    ((ObjectNode) application.at("/spec/executor")).put("instance", 3);
    ((ObjectNode) application.at("/spec/driver")).put("memory", "4 GB");
    ((ObjectNode) application.get("spec")).remove("mainClass");
    assertThat(operatorProblems(application))
        .extracting(ValidationMessage::getMessage)
        .hasSize(3)
        .anyMatch(message -> message.contains("instance"))
        .anyMatch(message -> message.contains("memory"))
        .anyMatch(message -> message.contains("mainClass"));
  }

  @Test
  void theCronJobsVariablesAreDefinedBeforeTheyAreUsed() throws IOException {
    CronJob job = (CronJob) model(documents("cronjob.yaml").get(0));
    Container driver =
        job.getSpec().getJobTemplate().getSpec().getTemplate().getSpec().getContainers().get(0);

    assertThat(driver.getEnv().stream().map(EnvVar::getName))
        .containsExactly("POD_NAME", "POD_IP", "PARE_SUBMIT_OPTIONS");
    assertThat(driver.getEnv().get(2).getValue())
        .contains("=$(POD_NAME) ", "=$(POD_IP) ", "container.image=" + driver.getImage())
        .doesNotContain("\n");
    assertThat(driver.getCommand()).containsExactly("/opt/pare/bin/nightly");
  }

  @Test
  void allRunAsTheAccountThatMayStartExecutors() throws IOException {
    assertThat(
            documents("rbac.yaml").stream()
                .filter(d -> d.get("kind").asText().equals("ServiceAccount"))
                .map(
                    d ->
                        d.at("/metadata/namespace").asText()
                            + "/"
                            + d.at("/metadata/name").asText()))
        .containsExactly("pare/pare");
    Map<String, String> accounts =
        Map.of(
            "cronjob.yaml", "/spec/jobTemplate/spec/template/spec/serviceAccountName",
            "sparkapplication.yaml", "/spec/driver/serviceAccount",
            "scheduledsparkapplication.yaml", "/spec/template/driver/serviceAccount");
    for (Map.Entry<String, String> entry : accounts.entrySet()) {
      JsonNode document = documents(entry.getKey()).get(0);
      assertThat(document.at(entry.getValue()).asText()).isEqualTo("pare");
      assertThat(document.at("/metadata/namespace").asText()).isEqualTo("pare");
    }
  }
}
