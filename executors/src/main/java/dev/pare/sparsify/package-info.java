/** Which weights go: saliencies, scopes and schedules. */
@NullMarked
package dev.pare.sparsify;

import org.jspecify.annotations.NullMarked;
