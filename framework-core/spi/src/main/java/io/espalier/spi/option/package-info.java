/**
 * Options that describe themselves.
 *
 * <p>An extension lists its options as {@link io.espalier.spi.option.OptionSpec}s; help, documents and validation come from
 * that list. It reads the validated values from {@link io.espalier.spi.option.Options}.
 */
package io.espalier.spi.option;
