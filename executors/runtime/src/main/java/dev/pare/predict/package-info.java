/**
 * What a program needs that uses a .pare file: {@link dev.pare.predict.Predictor} opens one and
 * makes a {@link dev.pare.predict.Prediction} of raw values. No natives, no Spark, and no other
 * class than those of this jar and of java.base. Depends on graph, prepare, artifact and kernel.
 */
@NullMarked
package dev.pare.predict;

import org.jspecify.annotations.NullMarked;
