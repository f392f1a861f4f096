package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a specification in a program or a notebook, by the keys of the configuration and with its
 * checks:
 *
 * <pre>{@code
 * SweepSpec spec =
 *     SweepSpec.from("conf/quickstart.conf")
 *         .set("sweep.out", "file:///tmp/pare/notebook")
 *         .vary("sparsity", 0.8, 0.9)
 *         .with("student { epochs = 2, quantize.epochs = 1 }")
 *         .build();
 * }</pre>
 *
 * What is set later wins. Relative paths in what is set start from the working directory. A builder
 * can be used again after {@link #build}.
 */
public final class SpecBuilder {
  private final @Nullable String conf;
  private final boolean dataAlone;
  private final List<SpecSource.Piece> pieces = new ArrayList<>();

  /**
   * @param conf a configuration to start from, if any
   * @param dataAlone whether nothing is taken from it but what it says of the data and the metric
   */
  SpecBuilder(@Nullable String conf, boolean dataAlone) {
    this.conf = conf;
    this.dataAlone = dataAlone;
  }

  /**
   * Sets a key.
   *
   * @param key with all its sections, as {@code student.epochs}
   * @param value text, a number, a boolean, an enum's constant, or a {@link List} of such; text is
   *     taken as it stands
   */
  public SpecBuilder set(String key, Object value) {
    requireNonNull(key, "key is null");
    pieces.add(source -> source.value(key, value));
    return this;
  }

  /**
   * Sets the values to try of a dimension.
   *
   * @param dimension as in {@code space}, without that word
   */
  public SpecBuilder vary(String dimension, double... values) {
    return set("space." + dimension, Arrays.stream(values).boxed().toList());
  }

  /**
   * Sets the values to try of a dimension whose values are words.
   *
   * @param dimension as in {@code space}, without that word
   */
  public SpecBuilder vary(String dimension, String... values) {
    return set("space." + dimension, List.of(values));
  }

  /** Sets whatever a piece of HOCON sets, with any number of lines and keys. */
  public SpecBuilder with(String hocon) {
    requireNonNull(hocon, "hocon is null");
    pieces.add(source -> source.text(hocon));
    return this;
  }

  /**
   * Sets a key as {@code --set} does on the command line.
   *
   * @param setting {@code key=value}
   */
  public SpecBuilder override(String setting) {
    requireNonNull(setting, "setting is null");
    pieces.add(source -> source.override(setting));
    return this;
  }

  /**
   * Reads the file, if there is one, and everything that was set, and fills in the defaults.
   *
   * @throws InvalidSpecException with everything that is wrong
   */
  public SweepSpec build() {
    if (conf == null) {
      return SpecSource.of(pieces.stream());
    }
    return dataAlone
        ? SpecSource.loadData(conf, pieces.stream())
        : SpecSource.load(conf, pieces.stream());
  }
}
