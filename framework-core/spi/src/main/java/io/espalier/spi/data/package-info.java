/** Calibration and evaluation data. */
package io.espalier.spi.data;
