/** Model cards: what is known of one file and what its examination found, as Markdown and JSON. */
@NullMarked
package dev.pare.report.card;

import org.jspecify.annotations.NullMarked;
