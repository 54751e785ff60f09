package io.espalier.spi.provider;

import io.espalier.spi.Stability;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What people call the extensions of an extension point, in lists and in messages. Every extension point has one. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public @interface Noun {

    /** Such as {@code criterion}. */
    String value();
}
