/**
 * Edits in the configuration, the parameters and the state of the updaters. {@link io.espalier.adapter.dl4j.edit.EditedNetwork}
 * applies them and knows which positions of the flat vector they remove and which sizes change;
 * {@link io.espalier.adapter.dl4j.edit.NetworkWriter} makes the changed entries of the archive.
 */
package io.espalier.adapter.dl4j.edit;
