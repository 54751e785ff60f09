/** Dense arrays that are read in blocks. */
package io.espalier.spi.tensor;
