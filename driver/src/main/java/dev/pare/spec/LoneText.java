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
import java.io.File;
import java.net.URL;

/**
 * HOCON that includes nothing, as the configuration among a sweep's results: to look at results
 * must read no other file, and ask nobody on the web.
 */
public final class LoneText {
  private LoneText() {}

  /**
   * What a text says; its references are not resolved.
   *
   * @throws ConfigException if it is no HOCON, or includes something
   */
  public static Config parse(String hocon) {
    return ConfigFactory.parseString(
        hocon, ConfigParseOptions.defaults().setIncluder(new NoIncluder()));
  }

  /** Has all interfaces: what one of them is for would be included by HOCON itself. */
  private static final class NoIncluder
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String name) {
      throw new ConfigException.Generic("includes " + name);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File file) {
      return include(context, file.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL url) {
      return include(context, url.toString());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String name) {
      return include(context, name);
    }
  }
}
