/**
 * Running things. The way in is {@link io.espalier.spi.execution.GraphExecutor}: it compiles a neutral graph into a
 * {@link io.espalier.spi.execution.Session}, for a purpose, on a device, with a number of threads, and with values that
 * are kept between runs. A native model gives a {@link io.espalier.spi.execution.Runner} of its own. Both take and give
 * tensors by name; what a runtime refuses is an {@link io.espalier.spi.execution.ExecutionException}.
 */
package io.espalier.spi.execution;
