/** The .pare file: container, tensors, checksum. */
@NullMarked
package dev.pare.artifact;

import org.jspecify.annotations.NullMarked;
