package io.espalier.spi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says how much a public type may still change; every public type of this module carries it. */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Stability {

    /** The promise made for the annotated type. */
    Level value();

    /** The first version that contained the type. */
    String since();

    /** How stable a type is. */
    enum Level {
        /** No incompatible change before the next major version. */
        STABLE,
        /** May change incompatibly in a minor version, with a note in the change log. */
        EVOLVING
    }
}
