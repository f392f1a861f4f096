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
  CODED;

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
