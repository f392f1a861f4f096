/**
 * What is told of candidates and of files: each number described once, as a {@link
 * dev.pare.result.Column}, from which the ledger, CSV, JSON, the page and DataFrames follow.
 */
@NullMarked
package dev.pare.result;

import org.jspecify.annotations.NullMarked;
