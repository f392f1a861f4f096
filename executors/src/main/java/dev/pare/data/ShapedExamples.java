package dev.pare.data;

/**
 * Examples, and what one of them is.
 *
 * @param usualDivisor what values of their type are divided by unless the settings say otherwise:
 *     255 for unsigned bytes, 1 for all others
 */
record ShapedExamples(Examples examples, ExampleShape shape, float usualDivisor) {}
