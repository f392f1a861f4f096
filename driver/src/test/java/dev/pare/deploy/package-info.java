/** What can be known of the files in deploy without the systems that they are for. */
@NullMarked
package dev.pare.deploy;

import org.jspecify.annotations.NullMarked;
