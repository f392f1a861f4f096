package dev.pare.csource;

import dev.pare.candidate.Spelling;
import java.util.Arrays;
import java.util.Optional;

/** How a program holds the weights. */
public enum CForm {
  /**
   * As gaps between those that are not zero, in Golomb–Rice code, and codes of few bits: fast, and
   * little code.
   */
  PACKED,

  /**
   * In the arithmetic code of .pare files, which is decoded as it is multiplied: the fewest bytes
   * of weights, but 10 KB of tables for the decoder, and slow, the more zeros there are: they are
   * decoded, too.
   */
  CODED,

  /**
   * In an arithmetic code that is decoded as it is multiplied, too, in integers and with little
   * memory ({@link LightCode}): some 6% more bytes of weights than {@link #CODED}, no tables.
   */
  LIGHT;

  /** Bytes of the variables that decode a program's weights. */
  long decoderBytes(Library library) {
    return switch (this) {
      case PACKED -> 0;
      case CODED -> library.isDefined("CODED") ? CodeScan.ramBytes(library) : 0;
      case LIGHT -> library.isDefined("CODED") ? LightCode.ramBytes(library) : 0;
    };
  }

  /** The form that is spelled so, if there is one. */
  public static Optional<CForm> of(String spelled) {
    return Arrays.stream(values()).filter(form -> form.toString().equals(spelled)).findFirst();
  }

  /** As the command line spells it. */
  @Override
  public String toString() {
    return Spelling.of(this);
  }
}
