package dev.pare.candidate;

/**
 * Settings of a record of their own that are part of keys only where one of them is not the usual:
 * keys of what does not go by them are those that they were before there were such settings.
 */
interface LaterSettings {
  /** Whether all of them are those that go without saying. */
  boolean areUsual();
}
