/** Finds how far a model can be cut: the goal, which budget to try next, and the record of what was tried. */
package io.espalier.engine.search;
