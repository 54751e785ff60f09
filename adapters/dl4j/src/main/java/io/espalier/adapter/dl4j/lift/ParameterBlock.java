package io.espalier.adapter.dl4j.lift;

import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * Parameters of one name in one layer, in the order in which the library counts the state of their updater.
 *
 * @param layer index of the layer among those with parameters
 * @param size number of elements
 * @param updater configuration of the updater
 * @param pretrained whether it is trained before the network only; such parameters share no state with others
 */
public record ParameterBlock(int layer, long size, JsonNode updater, boolean pretrained) {}
