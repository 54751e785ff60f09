/** Applying a removal: which parameters are cut, and which operands and attributes must follow. */
package io.espalier.engine.surgery;
