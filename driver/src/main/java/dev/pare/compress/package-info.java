/** Sweeps for somebody who has a network, data and a time, and no settings. */
@NullMarked
package dev.pare.compress;

import org.jspecify.annotations.NullMarked;
