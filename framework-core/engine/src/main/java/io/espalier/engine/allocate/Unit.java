package io.espalier.engine.allocate;

/**
 * Channels of one group that go together.
 *
 * @param group index of the group in the list of groups
 * @param order how many units of the group go before this one
 * @param channels indices of the channels within the group
 * @param score what it is ranked by: the mean of the scores of its channels
 */
record Unit(int group, int order, int[] channels, double score) {}
