package dev.pare.spec;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Hadoop paths, made absolute. */
final class Locations {
  private static final Pattern SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);

  /** Hadoop reads from them, too, and puts the path, and what it was made of, into a request. */
  private static final Pattern FETCHED =
      Pattern.compile("(?i)(https?|s?ftp|har|jar|data):.*", Pattern.DOTALL);

  private Locations() {}

  /** Whether it is fetched from the web or out of an archive, and no place on a file system. */
  static boolean isFetched(String location) {
    return FETCHED.matcher(location).matches();
  }

  /** Whether it names its file system, as {@code hdfs:///x} does. */
  static boolean hasScheme(String location) {
    return SCHEME.matcher(location).matches();
  }

  /** The folder that a relative path in this configuration starts from. */
  static String folderOf(String conf) {
    if (hasScheme(conf)) {
      return conf.substring(0, conf.lastIndexOf('/') + 1);
    }
    Path folder = Path.of(conf).toAbsolutePath().getParent();
    return folder == null ? "/" : folder.toString();
  }

  /**
   * {@code location} itself if it is absolute, which without a scheme means the default file
   * system; otherwise what it is within {@code folder}.
   */
  static String within(String folder, String location) {
    if (hasScheme(location) || location.startsWith("/")) {
      return location;
    }
    if (!hasScheme(folder)) {
      return "file://" + Path.of(folder, location).toAbsolutePath().normalize();
    }
    // Only the path's dots are worked out: a URI would escape what Hadoop leaves as it is.
    int root = folder.indexOf('/', Math.max(folder.indexOf("://") + 3, 0));
    if (root < 0) {
      return folder + "/" + location;
    }
    String path = folder.substring(root);
    return folder.substring(0, root) + Path.of(path, location).normalize();
  }

  /** A folder or file within a folder. */
  static String child(String folder, String name) {
    return folder.endsWith("/") ? folder + name : folder + "/" + name;
  }
}
