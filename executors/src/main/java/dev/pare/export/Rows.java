package dev.pare.export;

/** An order of a matrix's rows. */
@FunctionalInterface
interface Rows {
  /** As they are. */
  Rows SAME = row -> row;

  /** Which row comes at a place. */
  int at(int place);
}
