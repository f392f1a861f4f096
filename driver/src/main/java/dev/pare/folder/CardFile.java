package dev.pare.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.candidate.Sha256;
import java.io.IOException;
import java.util.Optional;

/**
 * Of what a model card is, by its JSON.
 *
 * @param file the last part of the file's name
 * @param sha256 of the file, in hexadecimal
 * @param testSha256 of the test examples, in hexadecimal; empty where the card says none
 * @param markdownSha256 of the same card as Markdown, in hexadecimal; empty where an earlier
 *     version has noted none
 */
public record CardFile(String file, String sha256, String testSha256, String markdownSha256) {
  /** What the JSON has of the Markdown beside it. */
  public static final String MARKDOWN = "markdown_sha256";

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
                root.path("data").path("test_sha256").asText(),
                root.path(MARKDOWN).asText()))
        : Optional.empty();
  }

  /** Whether a Markdown file is the one that was written with the JSON. */
  public boolean isMarkdown(byte[] markdown) {
    return Sha256.hex(markdown).equals(markdownSha256);
  }
}
