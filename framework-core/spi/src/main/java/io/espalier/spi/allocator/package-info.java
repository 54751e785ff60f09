/** Choosing what competes for removal. */
package io.espalier.spi.allocator;
