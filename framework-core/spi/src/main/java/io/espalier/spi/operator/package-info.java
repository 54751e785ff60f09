/** Teaching operators to the engine. */
package io.espalier.spi.operator;
