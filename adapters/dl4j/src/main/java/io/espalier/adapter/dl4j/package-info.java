/**
 * The DL4J adapter: networks that ModelSerializer saved, networks in memory, and Keras files that DL4J imports.
 *
 * <p>The ways in are {@link io.espalier.adapter.dl4j.Dl4jAdapter} for files and {@link io.espalier.adapter.dl4j.Dl4jModels} for
 * networks in memory. A file is read without DL4J: {@code store} opens the archive, {@code config} reads its configuration,
 * {@code lift} makes the neutral graph, {@code edit} carries edits back. {@code run} loads the library to run a network,
 * {@code train} prunes one while it trains.
 */
package io.espalier.adapter.dl4j;
