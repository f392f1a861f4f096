/** Outcomes, kept. */
@NullMarked
package dev.pare.ledger;

import org.jspecify.annotations.NullMarked;
