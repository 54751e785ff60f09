/**
 * Saved networks on disk: {@link io.espalier.adapter.dl4j.store.Archive} opens the zip and checks its directory,
 * {@link io.espalier.adapter.dl4j.store.ArchiveWriter} writes it with some entries changed, and
 * {@link io.espalier.adapter.dl4j.store.FlatArray} is the vector of all parameters, or of the state of updaters, in the library's
 * binary form.
 */
package io.espalier.adapter.dl4j.store;
