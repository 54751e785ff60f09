/** Residual blocks: branches of a network that end in a sum and can be left out of it. */
package io.espalier.engine.depth;
