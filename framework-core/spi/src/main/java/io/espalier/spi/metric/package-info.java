/**
 * Judging models. A {@link io.espalier.spi.metric.Metric} names itself, says which way is better, and starts one {@link
 * io.espalier.spi.metric.Measurement} a model, which is given batch after batch and makes one number of them.
 */
package io.espalier.spi.metric;
