/**
 * The Pareto frontier of file size against what files are judged by, and questions about budgets.
 */
@NullMarked
package dev.pare.frontier;

import org.jspecify.annotations.NullMarked;
