/**
 * The frontier as a picture for papers and chat: a figure is a list of marks, written as SVG or
 * painted as PNG.
 */
@NullMarked
package dev.pare.report.plot;

import org.jspecify.annotations.NullMarked;
