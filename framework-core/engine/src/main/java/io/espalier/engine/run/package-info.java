/** The run from a model file to a pruned one: the entry point of the engine as a library. */
package io.espalier.engine.run;
