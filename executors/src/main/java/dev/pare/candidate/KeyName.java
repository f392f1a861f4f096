package dev.pare.candidate;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What keys call a component of a settings record or a constant of one that has another name by
 * now: products of a store stay those of the same settings, and random choices the same.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.FIELD})
@interface KeyName {
  String value();
}
