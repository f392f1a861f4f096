/**
 * Which points of a space to try next: strategies that are asked for points and told what came of
 * them. They know neither the scheduler nor how configurations are read, so that one of somebody
 * else's is one class; a configuration names them.
 */
@NullMarked
package dev.pare.search;

import org.jspecify.annotations.NullMarked;
