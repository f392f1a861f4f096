package dev.pare.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.data.FilePaths;
import dev.pare.pipeline.StrictJson;
import dev.pare.report.PrintableText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.MLReader;

/**
 * Reads what {@code save} of a {@link PareTransformer} has written: a line of JSON in a folder
 * {@code metadata}, in Spark's form. Spark's own reader would load whatever class the line names
 * and hand its constructor a text of the line.
 */
final class TransformerReader extends MLReader<PareTransformer> {
  private static final ObjectMapper JSON = StrictJson.mapper();

  /** Far more than names of a file and of columns take. */
  private static final int LIMIT = 1 << 20;

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException naming the file, if it cannot be read, or is not of a {@link
   *     PareTransformer}
   */
  @Override
  public PareTransformer load(String path) {
    Path file = new Path(path, "metadata");
    try {
      Configuration hadoop = sc().hadoopConfiguration();
      FileSystem files = file.getFileSystem(hadoop);
      file = part(files, file);
      return transformer(StrictJson.read(JSON, content(files, file, hadoop), JsonNode.class));
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(file + ": no such file", e);
    } catch (IOException e) {
      throw new UncheckedIOException(PrintableText.of(file + ": " + e.getMessage()), e);
    }
  }

  /** The one file that Spark writes into the folder beside marks and checksums. */
  private static Path part(FileSystem files, Path folder) throws IOException {
    List<Path> parts =
        Arrays.stream(files.listStatus(folder))
            .map(FileStatus::getPath)
            .filter(file -> file.getName().startsWith("part-"))
            .toList();
    if (parts.size() != 1) {
      throw new IOException("has %d files part-*: must be 1".formatted(parts.size()));
    }
    return parts.get(0);
  }

  private static byte[] content(FileSystem files, Path file, Configuration hadoop)
      throws IOException {
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(file);
    try (InputStream stored = FilePaths.open(files, file);
        InputStream in = codec == null ? stored : codec.createInputStream(stored)) {
      byte[] content = in.readNBytes(LIMIT + 1);
      if (content.length > LIMIT) {
        throw new IOException("has more than %,d bytes".formatted(LIMIT));
      }
      return content;
    }
  }

  private static PareTransformer transformer(JsonNode metadata) throws IOException {
    String type = text("class", metadata.path("class"));
    if (!type.equals(PareTransformer.class.getName())) {
      throw new IOException(
          "class = %s: must be %s".formatted(type, PareTransformer.class.getName()));
    }
    PareTransformer transformer = new PareTransformer(text("uid", metadata.path("uid")));
    read(transformer, metadata, "paramMap", (param, value) -> transformer.set(param, value));
    // What was the default when it was saved, should that be another one now.
    read(transformer, metadata, "defaultParamMap", transformer::useDefault);
    return transformer;
  }

  private static void read(
      PareTransformer transformer,
      JsonNode metadata,
      String map,
      BiConsumer<Param<Object>, Object> setter)
      throws IOException {
    JsonNode values = metadata.path(map);
    if (!values.isObject()) {
      throw new IOException(map + ": must be an object");
    }
    for (var value : values.properties()) {
      String name = value.getKey();
      if (!transformer.hasParam(name)) {
        throw new IOException(
            "%s.%s: a PareTransformer has no such parameter".formatted(map, name));
      }
      Param<Object> param = transformer.getParam(name);
      String place = map + "." + name;
      setter.accept(
          param,
          (Object) param instanceof StringArrayParam
              ? texts(place, value.getValue())
              : text(place, value.getValue()));
    }
  }

  private static String[] texts(String place, JsonNode value) throws IOException {
    if (!value.isArray()
        || !StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isTextual)) {
      throw new IOException(place + ": must be a list of texts");
    }
    return StreamSupport.stream(value.spliterator(), false)
        .map(JsonNode::textValue)
        .toArray(String[]::new);
  }

  private static String text(String place, JsonNode value) throws IOException {
    if (!value.isTextual()) {
      throw new IOException(place + ": must be a text");
    }
    return value.textValue();
  }
}
