/** Proving that a pruned model computes what it should. */
package io.espalier.engine.verify;
