/** Carrying neutral edits into the configuration, the parameters and the state of the updaters. */
package io.espalier.adapter.dl4j.edit;
