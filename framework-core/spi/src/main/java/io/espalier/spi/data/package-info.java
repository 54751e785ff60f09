/**
 * Calibration and evaluation data. A {@link io.espalier.spi.data.DatasetReader} opens a file as a
 * {@link io.espalier.spi.data.Dataset}: named arrays whose first axis counts examples, read in blocks.
 * {@link io.espalier.spi.data.Batches} is the way from there to a model: it matches arrays with inputs, checks and
 * converts them, finds the labels, shuffles, and hands over one {@link io.espalier.spi.data.Batch} after the other.
 */
package io.espalier.spi.data;
