/** The neutral computational graph. */
package io.espalier.spi.graph;
