/**
 * What compression did to a network beyond its average error: a file beside its teacher on the same
 * examples. {@link dev.pare.examine.Examination} runs all measures, each a {@code Measure}; what
 * they find is {@link dev.pare.examine.Finding}s, tables that are described once and written as
 * text, Markdown and JSON. No Spark; only packages of stages and tasks may depend on it.
 */
@NullMarked
package dev.pare.examine;

import org.jspecify.annotations.NullMarked;
