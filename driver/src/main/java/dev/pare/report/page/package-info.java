/**
 * A sweep as one HTML file that opens without a network: {@code report.html}, {@code report.css},
 * the scripts beside this package's classes, Apache ECharts, and the sweep's data as JSON, in one.
 *
 * <p>A new part of the page is a component of {@link dev.pare.report.page.ReportData}, its field in
 * the JSON, a section in the HTML and a function in the scripts that fills it.
 */
@NullMarked
package dev.pare.report.page;

import org.jspecify.annotations.NullMarked;
