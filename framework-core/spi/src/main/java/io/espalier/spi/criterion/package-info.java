/** Scoring parameters. */
package io.espalier.spi.criterion;
