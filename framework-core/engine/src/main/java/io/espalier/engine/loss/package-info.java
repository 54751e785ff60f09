/** Losses added to the graphs of models, with what the graphs are then fed. */
package io.espalier.engine.loss;
