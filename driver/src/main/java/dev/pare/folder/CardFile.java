package dev.pare.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;

/**
 * Of what a model card is, by its JSON.
 *
 * @param file the last part of the file's name
 * @param sha256 of the file, in hexadecimal
 * @param testSha256 of the test examples, in hexadecimal; empty where the card says none
 */
public record CardFile(String file, String sha256, String testSha256) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Reads a card's JSON; none where it is anything else. */
  public static Optional<CardFile> of(byte[] json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (IOException e) {
      return Optional.empty();
    }
    JsonNode file = root.path("file");
    boolean isCard =
        root.path("version").isInt()
            && root.path("findings").isObject()
            && file.path("name").isTextual()
            && file.path("sha256").isTextual();
    return isCard
        ? Optional.of(
            new CardFile(
                file.path("name").asText(),
                file.path("sha256").asText(),
                root.path("data").path("test_sha256").asText()))
        : Optional.empty();
  }
}
