package dev.pare.csource;

/** Levels in a code that a program decodes while it multiplies them. */
interface LevelCode {
  /** Whether it goes through the levels column by column. */
  boolean transposed();

  /** Adds the code, and what decodes it, to a program; the code's address. */
  String add(Program program, String name);
}
