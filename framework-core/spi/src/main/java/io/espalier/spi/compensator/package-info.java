/** Repairing weights after the cut. */
package io.espalier.spi.compensator;
