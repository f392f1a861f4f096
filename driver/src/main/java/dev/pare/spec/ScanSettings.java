package dev.pare.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import dev.pare.candidate.Sha256;
import java.io.File;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a configuration says of scans of a teacher's layers, beside what the teacher's key has. */
public final class ScanSettings {
  private static final List<String> PATHS =
      List.of(
          "data.seed",
          "teacher.augment",
          "student.prune.calibration",
          "student.prune.block",
          "student.prune.damping");

  private ScanSettings() {}

  /**
   * SHA-256 of all settings that scans go by, in hexadecimal.
   *
   * @param configuration as {@link SweepSpec#render} has it; nothing is included
   * @throws IllegalArgumentException if it is no configuration
   */
  public static String digest(String configuration) {
    try {
      Config all =
          ConfigFactory.parseString(
              configuration, ConfigParseOptions.defaults().setIncluder(new Nothing()));
      StringBuilder text = new StringBuilder();
      for (String path : PATHS) {
        text.append(path).append(" = ");
        if (all.hasPath(path)) {
          text.append(all.getValue(path).render(ConfigRenderOptions.concise()));
        }
        text.append('\n');
      }
      return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (ConfigException e) {
      throw new IllegalArgumentException("is no configuration: " + e.getMessage(), e);
    }
  }

  /** Results of sweeps point nowhere. */
  private static final class Nothing
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      return ConfigFactory.empty().root();
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      return ConfigFactory.empty().root();
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      return ConfigFactory.empty().root();
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      return ConfigFactory.empty().root();
    }
  }
}
