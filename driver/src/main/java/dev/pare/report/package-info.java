/** What people look at: tables and files. */
@NullMarked
package dev.pare.report;

import org.jspecify.annotations.NullMarked;
