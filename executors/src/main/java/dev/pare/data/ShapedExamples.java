package dev.pare.data;

/** Examples, and what one of them is. */
record ShapedExamples(Examples examples, ExampleShape shape) {}
