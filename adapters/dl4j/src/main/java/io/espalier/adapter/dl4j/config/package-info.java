/**
 * The configuration of a saved network. {@link io.espalier.adapter.dl4j.config.ConfigParser} reads the JSON within bounds;
 * {@link io.espalier.adapter.dl4j.config.Network} shows it as steps in the order in which they are computed, chains and graphs
 * alike; a {@link io.espalier.adapter.dl4j.config.ConfigNode} is one object of it and knows its place, so that numbers can be
 * written back.
 */
package io.espalier.adapter.dl4j.config;
