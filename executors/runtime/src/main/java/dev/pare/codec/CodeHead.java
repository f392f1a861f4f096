package dev.pare.codec;

/**
 * What a code of levels begins with that does not follow from its levels: in which order it goes
 * through them, and by what it expects them. With it levels give the same code again.
 *
 * @param mode high 3 bits of the code's flags
 * @param stride 2 to 255, or 0 if there is none
 */
public record CodeHead(int mode, int stride) {
  public CodeHead {
    if (mode < 0 || mode > CodeParameters.MOST_MODE) {
      throw new IllegalArgumentException("no code has mode " + mode);
    }
  }

  /**
   * The head of a code.
   *
   * @throws MalformedCodeException if it is too short to have one
   */
  public static CodeHead of(byte[] code) {
    if (code.length == 0) {
      throw new MalformedCodeException(0, "no code");
    }
    int mode = CodeParameters.mode(code[0] & 0xFF);
    boolean strided = CodeParameters.isStrided(mode);
    if (strided && code.length == 1) {
      throw new MalformedCodeException(1, "no stride");
    }
    return new CodeHead(mode, strided ? code[1] & 0xFF : 0);
  }
}
