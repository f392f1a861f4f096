/**
 * Applies .pare files to DataFrames: {@link dev.pare.score.PareTransformer} for spark.ml, {@link
 * dev.pare.score.PareFunctions} for SQL. Executors need no natives for it. Depends on predict and
 * on how report reads files.
 */
@NullMarked
package dev.pare.score;

import org.jspecify.annotations.NullMarked;
