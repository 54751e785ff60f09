/** Options that describe themselves. */
package io.espalier.spi.option;
