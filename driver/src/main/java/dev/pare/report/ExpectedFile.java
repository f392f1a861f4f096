package dev.pare.report;

import dev.pare.candidate.StageKey;
import dev.pare.folder.SweepFolder;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.ProductDigest;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StoredNetworks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a file must be; its length is looked at before it is read.
 *
 * @param by the file that says so
 * @param what the file is, for people; it follows "it is not"
 * @param remedy what writes the file where it is missing
 */
record ExpectedFile(
    OptionalLong bytes, @Nullable String sha256, String by, String what, String remedy) {
  static final ExpectedFile ANY =
      new ExpectedFile(OptionalLong.empty(), null, "", "", MissingFiles.REMEDY);

  /** A product in a store: the folder has the first two digits of the key. */
  private static final Pattern PRODUCT = Pattern.compile("([0-9a-f]{64})\\.pare");

  static ExpectedFile of(FrontierRow row) {
    return new ExpectedFile(
        OptionalLong.of(row.bytes()),
        row.summary().sha256(),
        SweepFolder.FRONTIER_JSON,
        "the file that was measured",
        MissingFiles.REMEDY);
  }

  /** A teacher among a sweep's results. */
  static ExpectedFile teacher(@Nullable String sha256, String by) {
    return new ExpectedFile(
        OptionalLong.empty(),
        sha256,
        by,
        by.equals(SweepFolder.FRONTIER_JSON)
            ? "the file that was measured"
            : "the one that the sweep left",
        MissingFiles.REMEDY);
  }

  /**
   * What a stage's report says of a file, if it has the place of a stage's product in a store.
   *
   * @throws IOException if there is no such report: nothing else tells whose product it is
   */
  static Optional<ExpectedFile> inStore(Path file, Configuration hadoop) throws IOException {
    Matcher name = PRODUCT.matcher(file.getName());
    Path folder = file.getParent();
    if (!name.matches()
        || folder == null
        || folder.isRoot()
        || !folder.getName().equals(name.group(1).substring(0, 2))) {
      return Optional.empty();
    }
    StageKey key = new StageKey(name.group(1));
    @Nullable ProductDigest product;
    try {
      product =
          new StoredNetworks(new HadoopStageStore(folder.getParent().toString(), hadoop))
              .report(key)
              .map(StageReport::product)
              .orElse(null);
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
    String report = key.hex() + ".json";
    if (product == null) {
      throw new IOException(
          "%s: has the place of a stage's product, but no report %s is beside it that says what the stage has written; %s"
              .formatted(file, report, MissingFiles.REMEDY));
    }
    return Optional.of(
        new ExpectedFile(
            OptionalLong.of(product.bytes()),
            product.sha256(),
            report,
            "the file that the stage has written",
            MissingFiles.REMEDY));
  }

  /** What {@code pare compress} noted of a file, if it lies among its files. */
  static Optional<ExpectedFile> inSums(Path file, Configuration hadoop) throws IOException {
    Path folder = file.getParent();
    @Nullable String sum =
        folder == null
            ? null
            : CompressedSums.read(new SweepFolder(folder, hadoop)).get(file.getName());
    if (CompressedSums.NOT_YET.equals(sum)) {
      throw new IOException(
          "%s: pare compress writes it, or was stopped before it was whole; run it again"
              .formatted(file));
    }
    return Optional.ofNullable(sum)
        .map(
            its ->
                new ExpectedFile(
                    OptionalLong.empty(),
                    its,
                    CompressedSums.NAME,
                    "the file that pare compress has written",
                    "`pare compress` with the same options writes it anew"));
  }

  /** Whether something says what the file is. */
  boolean isTold() {
    return bytes.isPresent() || sha256 != null;
  }
}
