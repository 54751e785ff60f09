package io.espalier.plugin.bn;

/**
 * A batch normalisation with constant statistics; nodes with the same four operands apply the same layer.
 *
 * @param scale name of the scale
 * @param shift name of the shift
 * @param mean constant that holds the running mean
 * @param variance constant that holds the running variance
 */
record NormalisationLayer(String scale, String shift, String mean, String variance) {}
