package dev.pare.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.Credentials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders of PNG and JPEG images: the names of the folders are the classes. Images are brought to
 * the height and width that {@code data.shape} says, as {@link ImageFile} does, and become unsigned
 * bytes, 3 channels of red, green and blue or one of luminance.
 */
public final class ImageFormat implements DataFormat {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFormat.class);

  private static final int MOST_FILE_BYTES = 1 << 28;

  @Override
  public String name() {
    return "images";
  }

  @Override
  public Optional<String> labelSource() {
    return Optional.of("the folders' names");
  }

  @Override
  public boolean namesClasses() {
    return true;
  }

  @Override
  public String labelPlace(DataSource source) {
    return "the folders in " + source.key() + ".features = " + source.files().features();
  }

  @Override
  public String key(DataSettings settings) {
    return "bilinear " + settings.shape();
  }

  @Override
  public List<ShapedExamples> read(DataSource source) {
    ExampleShape shape = source.settings().shape();
    if (shape == null || shape.channels() != 1 && shape.channels() != 3) {
      throw new DataException(
          "data.shape: must be set, with 1 or 3 channels, as data.format = images");
    }
    List<Image> images = images(source);
    GrowingBytes values = new GrowingBytes(source.storage());
    byte[] pixels = new byte[shape.size()];
    int[] labels = new int[images.size()];
    for (int i = 0; i < labels.length; i++) {
      Image image = images.get(i);
      try (SourceFile file = source.openFeatures(image.path)) {
        labels[i] = source.labels().check(image.label, problem -> file.malformed(0, problem));
        byte[] content = file.readAll(MOST_FILE_BYTES);
        String meaning = ImageFile.read(file, content, shape, pixels);
        values.add(pixels, 0, pixels.length);
        source.digested(image.label.getBytes(UTF_8));
        source.digested(file.digest());
        if (!meaning.isEmpty()) {
          source.digested(meaning.getBytes(UTF_8));
        }
      }
    }
    return List.of(
        new ShapedExamples(
            values.toExamples(shape.size(), labels, source.labels().classes(labels)), shape, 255));
  }

  /** All images, sorted by the name of their class, then by their own. */
  private static List<Image> images(DataSource source) {
    String setting = source.key() + ".features = " + source.files().features();
    return FilePaths.access(
        setting,
        () -> {
          Path root = new Path(source.files().features());
          FileSystem fileSystem = root.getFileSystem(source.hadoop());
          List<Image> images = new ArrayList<>();
          int left = leftOut(fileSystem, root);
          for (FileStatus folder : sorted(fileSystem, root)) {
            if (!folder.isDirectory()) {
              throw new DataException(
                  (setting + ": " + folder.getPath().getName() + " is no folder of images")
                      + "; their folders' names are the classes");
            }
            FileStatus[] files = sorted(fileSystem, folder.getPath());
            left += leftOut(fileSystem, folder.getPath());
            if (files.length == 0 && source.labels().areCollected()) {
              throw new DataException(
                  (setting + ": " + folder.getPath().getName() + " has no images")
                      + "; a class needs some, and what is none no folder");
            }
            for (FileStatus file : files) {
              if (!file.isFile()) {
                throw new DataException(
                    setting + ": " + file.getPath() + " is a folder within that of a class");
              }
              images.add(new Image(folder.getPath().getName(), file.getPath().toString()));
            }
          }
          if (left > 0) {
            LOG.warn(
                "{}: {} folders or images whose names begin with _ are left out",
                Credentials.inMessage(setting),
                left);
          }
          if (images.isEmpty()) {
            throw new DataException(setting + ": has no folders of images");
          }
          return images;
        });
  }

  /** How many there are that may well be data: what begins with a dot is hidden to people, too. */
  private static int leftOut(FileSystem fileSystem, Path folder) throws java.io.IOException {
    return fileSystem.listStatus(folder, path -> path.getName().startsWith("_")).length;
  }

  private static FileStatus[] sorted(FileSystem fileSystem, Path folder)
      throws java.io.IOException {
    FileStatus[] found = fileSystem.listStatus(folder, FilePaths::isData);
    Arrays.sort(found);
    return found;
  }

  private record Image(String label, String path) {}
}
