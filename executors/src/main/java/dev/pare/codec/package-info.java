/** Bits: the entropy coder of levels. Depends on nothing but java.base. */
@NullMarked
package dev.pare.codec;

import org.jspecify.annotations.NullMarked;
