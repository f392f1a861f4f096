package dev.pare;

import dev.pare.run.SweepListener;

/** What a program wants to be told of a sweep that it runs: as much of it as it overrides. */
public interface Progress extends SweepListener {
  /** Says nothing. */
  Progress SILENT = new Progress() {};
}
