/** The Pareto frontier of file size against accuracy, and questions about budgets. */
@NullMarked
package dev.pare.frontier;

import org.jspecify.annotations.NullMarked;
