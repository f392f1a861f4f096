package dev.pare.candidate;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a settings record that is part of keys only where it is neither null nor {@link
 * LaterSettings} of which none is unusual: keys of what does not go by it are those that they were
 * before there was such a setting.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface LaterSetting {}
